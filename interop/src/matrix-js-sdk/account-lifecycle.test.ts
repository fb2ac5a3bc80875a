import { createClient, InteractiveAuth } from "matrix-js-sdk";
import type { LoginResponse, MatrixClient, RegisterRequest, RegisterResponse } from "matrix-js-sdk";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { followLink } from "../inbox.ts";
import { runServers } from "../running-servers.ts";
import type { RunningServers } from "../running-servers.ts";

const firstPassword = "correct horse battery staple";
const newPassword = "an even longer battery staple";
const registrationEmail = "alice@example.org";
const secondEmail = "alice@work.example.org";

let servers: RunningServers;
let session: RegisterResponse;
let alice: MatrixClient;

beforeAll(async () => {
  servers = await runServers({
    registration: { flows: [["m.login.terms", "m.login.email.identity"]] },
    terms: { privacy: { version: "1", en: { name: "Privacy policy", url: "https://example.org/privacy" } } },
  });
});

afterAll(async () => {
  alice?.stopClient();
  await servers?.stop();
});

// One story: each chapter goes on where the one before ended.
describe("an account's life, lived by matrix-js-sdk", () => {
  test("registers through terms and the link of a real mail", async () => {
    const guest = createClient({ baseUrl: servers.homeserver });
    const stages: string[] = [];
    const registration = new InteractiveAuth<RegisterResponse>({
      matrixClient: guest,
      inputs: { emailAddress: registrationEmail },
      supportedStages: ["m.login.terms", "m.login.email.identity"],
      doRequest: (auth) => {
        const body = { username: "alice", password: firstPassword, refresh_token: true, auth: auth ?? undefined };
        return guest.registerRequest(body as RegisterRequest); // the SDK's own two types for `auth` differ
      },
      requestEmailToken: async (email, secret, attempt) => {
        const answer = await guest.requestRegisterEmailToken(email, secret, attempt);
        void followLink(servers.inbox, registrationEmail);
        return answer;
      },
      stateUpdated: (stage) => {
        stages.push(stage);
        if (stage === "m.login.terms") void registration.submitAuthDict({ type: stage });
      },
    });
    // Apps ask now and then whether the link has been followed.
    const asking = setInterval(() => void registration.poll(), 200);
    session = await registration.attemptAuth().finally(() => clearInterval(asking));

    expect(session.user_id).toBe("@alice:localhost");
    expect(session.refresh_token).toEqual(expect.any(String));
    expect(stages).toContain("m.login.terms");
    expect(stages).toContain("m.login.email.identity");
  });

  test("logs in with the validated address", async () => {
    const fresh = createClient({ baseUrl: servers.homeserver });
    const login = await fresh.loginRequest({
      type: "m.login.password",
      identifier: { type: "m.id.thirdparty", medium: "email", address: registrationEmail },
      password: firstPassword,
      initial_device_display_name: "second device",
    });
    expect(login.user_id).toBe("@alice:localhost");
    alice = createClient({
      baseUrl: servers.homeserver,
      idBaseUrl: servers.identity,
      userId: login.user_id,
      accessToken: login.access_token,
      deviceId: login.device_id,
    });
    expect((await alice.getDevices()).devices).toHaveLength(2);
  });

  test("trades a refresh token for a new access token", async () => {
    const first = createClient({
      baseUrl: servers.homeserver,
      userId: "@alice:localhost",
      accessToken: session.access_token ?? "",
    });
    const renewed = await first.refreshToken(session.refresh_token ?? "");
    expect(renewed.access_token).not.toBe(session.access_token);
    first.setAccessToken(renewed.access_token);
    expect(await first.whoami()).toMatchObject({ user_id: "@alice:localhost", device_id: session.device_id });
    // The new token has been used, so the old ones are gone.
    const stale = createClient({ baseUrl: servers.homeserver, accessToken: session.access_token ?? "" });
    await expect(stale.whoami()).rejects.toMatchObject({ errcode: "M_UNKNOWN_TOKEN", httpStatus: 401 });
    await expect(stale.refreshToken(session.refresh_token ?? "")).rejects.toMatchObject({ httpStatus: 401 });
  });

  test("adds a second address, confirming with the password", async () => {
    const secret = alice.generateClientSecret();
    const { sid } = await alice.requestAdd3pidEmailToken(secondEmail, secret, 1);
    await followLink(servers.inbox, secondEmail);
    await withPassword((auth) =>
      // The SDK's type for `auth` asks for a `type` that its other types leave out.
      alice.addThreePidOnly({ sid, client_secret: secret, auth } as Parameters<MatrixClient["addThreePidOnly"]>[0]),
    );

    const { threepids } = await alice.getThreePids();
    expect(threepids.map(({ address }) => address).toSorted()).toEqual([registrationEmail, secondEmail]);
  });

  test("binds the address at the identity server, where it is then found by hash", async () => {
    const { token } = await alice.registerWithIdentityServer(await alice.getOpenIdToken());
    expect(await alice.identityHashedLookup([[secondEmail, "email"]], token)).toEqual([]);

    const secret = alice.generateClientSecret();
    const { sid } = await alice.requestEmailToken(secondEmail, secret, 1, undefined, token);
    await followLink(servers.inbox, secondEmail);
    const host = new URL(servers.identity).host;
    await alice.bindThreePid({ sid, client_secret: secret, id_server: host, id_access_token: token });

    expect(await alice.identityHashedLookup([[secondEmail, "email"]], token)).toEqual([
      { address: secondEmail, mxid: "@alice:localhost" },
    ]);
  });

  test("deletes the other device after asking for the password", async () => {
    const deviceId = session.device_id ?? "";
    await withPassword((auth) => alice.deleteDevice(deviceId, auth));
    expect((await alice.getDevices()).devices.map(({ device_id }) => device_id)).toEqual([alice.getDeviceId()]);
  });

  test("changes the password, and only the new one logs in", async () => {
    await withPassword((auth) => alice.setPassword(auth ?? {}, newPassword, false));
    await expect(logIn(firstPassword)).rejects.toMatchObject({ errcode: "M_FORBIDDEN", httpStatus: 403 });
    expect(await logIn(newPassword)).toMatchObject({ user_id: "@alice:localhost" });
  });

  test("deactivates the account, after which nothing of it is left", async () => {
    const { token } = await alice.registerWithIdentityServer(await alice.getOpenIdToken());
    const gone = await withPassword((auth) => alice.deactivateAccount(auth, true), newPassword);
    expect(gone.id_server_unbind_result).toBe("success");
    expect(await alice.identityHashedLookup([[secondEmail, "email"]], token).catch(() => [])).toEqual([]);
    await expect(alice.whoami()).rejects.toMatchObject({ httpStatus: 401 });
    await expect(logIn(newPassword)).rejects.toMatchObject({ httpStatus: 403 });
  });
});

async function logIn(password: string): Promise<LoginResponse> {
  return createClient({ baseUrl: servers.homeserver }).loginRequest({
    type: "m.login.password",
    identifier: { type: "m.id.user", user: "alice" },
    password,
  });
}

/** Drives a request through the password stage by the SDK's own InteractiveAuth. */
async function withPassword<T>(request: (auth: Auth | undefined) => Promise<T>, password = firstPassword): Promise<T> {
  const flow = new InteractiveAuth<T>({
    matrixClient: alice,
    doRequest: (auth) => request(auth ?? undefined),
    requestEmailToken: () => Promise.reject(new Error("no stage asks for mail here")),
    stateUpdated: (stage) => {
      const identifier = { type: "m.id.user", user: "@alice:localhost" } as const;
      if (stage === "m.login.password") void flow.submitAuthDict({ type: stage, identifier, password });
    },
  });
  return flow.attemptAuth();
}

type Auth = NonNullable<Parameters<MatrixClient["deleteDevice"]>[1]>;
