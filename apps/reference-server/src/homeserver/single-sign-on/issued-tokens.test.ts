import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createIdentity } from "../encryption/fixtures/keys.ts";
import { startHomeserver } from "../fixtures/homeserver.ts";
import type { TestHomeserver } from "../fixtures/homeserver.ts";
import { createBrowser, startProvider } from "./fixtures/provider.ts";
import type { TestProvider } from "./fixtures/provider.ts";

let provider: TestProvider;
let home: TestHomeserver;

const minute = 60_000;
const client = "https://chat.example.org/";
const scopeOf = (deviceId: string) => `openid urn:matrix:client:api:* urn:matrix:client:device:${deviceId}`;

beforeAll(async () => {
  provider = await startProvider("one");
  home = await startHomeserver({
    logLevel: "silent",
    sso: { providers: [provider.configuration], trustedRedirectUrls: [client] },
    oauth: { metadataUrl: provider.configuration.tokenUrl },
  });
});

beforeEach(() => {
  provider.introspected.length = 0;
});

afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

let tokens = 0;
const issue = (sub: string, facts: object = {}) => {
  const token = `issued-${++tokens}`;
  provider.issued.set(token, { sub, username: sub, scope: scopeOf("PHONE"), ...facts });
  return token;
};
const whoami = (token: string) => home.call("GET", "/v3/account/whoami", { token });
const unknown = { status: 401, body: { errcode: "M_UNKNOWN_TOKEN" } };

describe("a token that the provider has issued", () => {
  test("is its user's here, on the device that its scope names", async () => {
    const token = issue("alice");
    const answers = await Promise.all([whoami(token), whoami(token), whoami(token)]);
    for (const { body } of answers) {
      expect(body).toEqual({ user_id: "@alice:localhost", device_id: "PHONE", is_guest: false });
    }
    expect((await home.call("GET", "/v3/devices", { token })).body["devices"]).toMatchObject([{ device_id: "PHONE" }]);
    expect((await whoami(issue("alice", { scope: scopeOf("LAPTOP") }))).body.device_id).toBe("LAPTOP");
    expect((await home.call("GET", "/v3/devices", { token })).body["devices"]).toHaveLength(2);
  });

  test("belongs to the same account as a login with the provider", async () => {
    provider.person = { sub: "grace", preferred_username: "grace" };
    const redirect = `/_matrix/client/v3/login/sso/redirect?redirectUrl=${encodeURIComponent(client)}`;
    const { url } = await createBrowser(client)(home.url + redirect);
    const login = { type: "m.login.token", token: new URL(url).searchParams.get("loginToken") };
    const { user_id } = (await home.call("POST", "/v3/login", { body: login })).body;
    expect((await whoami(issue("grace", { username: "other" }))).body.user_id).toBe(user_id);
  });

  test("is asked about once a minute, and good for no longer than that after its end", async () => {
    const token = issue("bob");
    for (let time = 0; time < 3; time++) await whoami(token);
    expect(provider.introspected).toEqual([token]);
    home.clock.advance(minute);
    expect((await whoami(token)).status).toBe(200);
    expect(provider.introspected).toEqual([token, token]);
    provider.issued.delete(token);
    expect((await whoami(token)).status).toBe(200);
    home.clock.advance(minute);
    expect(await whoami(token)).toMatchObject({ ...unknown, body: { soft_logout: true } });

    const short = issue("bob", { exp: home.clock.now() / 1000 + 9.9999 });
    expect((await whoami(short)).status).toBe(200);
    home.clock.advance(10_000);
    provider.issued.delete(short);
    expect(await whoami(short)).toMatchObject(unknown);
  });

  test.each([
    ["no scope", { scope: undefined }],
    ["no access to this API", { scope: "urn:matrix:client:device:PHONE" }],
    ["no device", { scope: "urn:matrix:client:api:*" }],
    ["two devices", { scope: `${scopeOf("ONE")} urn:matrix:client:device:TWO` }],
    ["a device that cannot be", { scope: scopeOf("a\0b") }],
    ["no subject", { sub: undefined }],
    ["an end in the past", { exp: 1 }],
  ])("with %s is none", async (_what, facts) => {
    expect(await whoami(issue("carol", facts))).toMatchObject(unknown);
  });

  test("is told nothing of by us: our own tokens are not shown to the provider", async () => {
    const { access_token } = (await home.register("heidi")) ?? {};
    expect((await whoami(access_token)).status).toBe(200);
    await home.call("POST", "/v3/logout", { token: access_token, body: {} });
    expect(await whoami(access_token)).toMatchObject(unknown);
    expect(await whoami("nobody's")).toMatchObject(unknown);
    expect(provider.introspected).toEqual(["nobody's"]);
  });

  test("opens no account that is closed", async () => {
    const token = issue("ivan");
    await whoami(token);
    await home.db.updateTable("hs_users").set({ deactivated_at: 1 }).where("user_id", "=", "@ivan:localhost").execute();
    expect(await whoami(issue("ivan"))).toMatchObject(unknown);
  });

  test("is not taken for wrong where the provider cannot be asked", async () => {
    const elsewhere = { ...provider.configuration, introspectionUrl: "http://127.0.0.1:1/introspect" };
    await using lonely = await startHomeserver({ logLevel: "silent", sso: { providers: [elsewhere] } });
    const { status, body } = await lonely.call("GET", "/v3/account/whoami", { token: "x" });
    expect([status, body.errcode]).toEqual([500, "M_UNKNOWN"]);
  });
});

describe("what belongs on the provider's pages", () => {
  test("is refused here, and clients are told so", async () => {
    const token = issue("judy");
    const forbidden = { status: 403, body: { errcode: "M_FORBIDDEN" } };
    for (const [method, path, body] of [
      ["POST", "/v3/logout", {}],
      ["POST", "/v3/logout/all", {}],
      ["POST", "/v3/account/password", { new_password: "correct horse battery" }],
      ["POST", "/v3/account/deactivate", {}],
      ["DELETE", "/v3/devices/PHONE", {}],
      ["POST", "/v3/delete_devices", { devices: ["PHONE"] }],
      ["POST", "/v1/login/get_token", {}],
    ] as const) {
      expect(await home.call(method, path, { token, body }), path).toMatchObject(forbidden);
    }
    expect((await home.call("GET", "/v3/capabilities", { token })).body["capabilities"]).toMatchObject({
      "m.change_password": { enabled: false },
      "m.3pid_changes": { enabled: false },
      "m.get_login_token": { enabled: false },
      "m.set_displayname": { enabled: true },
    });
    expect((await home.call("GET", "/v3/login")).body.flows).toContainEqual(
      expect.objectContaining({ type: "m.login.sso", oauth_aware_preferred: true }),
    );
  });

  test("new signing keys are confirmed there", async () => {
    const token = issue("kate");
    const userId = (await whoami(token)).body.user_id;
    const upload = (auth?: object) =>
      home.call("POST", "/v3/keys/device_signing/upload", { token, body: { ...keys.body, ...(auth && { auth }) } });
    let keys = createIdentity(userId);
    expect((await upload()).status).toBe(200);
    keys = createIdentity(userId);
    const challenge = await upload();
    expect([challenge.status, challenge.body.flows]).toEqual([401, [{ stages: ["m.oauth"] }]]);
    const { url } = challenge.body.params["m.oauth"] as { url: string };
    const { session } = challenge.body;

    const browser = createBrowser(client);
    const link = new URL(/<a href="([^"]+)"/.exec((await browser(url)).text)?.[1] ?? "", url).href;
    provider.person = { sub: "grace" };
    expect((await browser(link)).status).toBe(403);
    expect((await upload({ session })).status).toBe(401);
    expect((await upload({ type: "m.login.dummy", session })).status).toBe(401);
    provider.person = { sub: "kate" };
    expect((await browser(link)).text).toContain("onAuthDone");
    expect((await upload({ session })).status).toBe(200);
  });
});
