import { expect, test, vi } from "vitest";
import { manualClock } from "./fixtures/manual-clock.ts";
import type { Answer } from "./fixtures/test-server.ts";
import { jsonOf, startServer } from "./fixtures/test-server.ts";
import type { MatrixClient } from "./matrix-client.ts";
import { createMatrixClient } from "./matrix-client.ts";
import { sessionFromLogin } from "./session.ts";
import type { Tokens } from "./session.ts";
import type { TokenRefreshOptions } from "./token-refresh.ts";
import { tokenRefresh } from "./token-refresh.ts";
import type { ClientOptions } from "./typed-client.ts";

test("a token the server does not know is renewed, saved before its use, and the call repeated", async () => {
  await using server = await startHomeserver();
  const session = { accessToken: "old", refreshToken: "r1", userId: "@a:b", deviceId: "D" };
  const saved: Tokens[] = [];
  const save = async (tokens: Tokens) => {
    await new Promise(setImmediate);
    expect(session.accessToken).toBe("old");
    expect(server.callTokens).toEqual(["old"]);
    saved.push(tokens);
  };
  const client = clientOf(server.url, session, { save });
  const result = await client.PUT("/_matrix/client/v3/devices/{deviceId}", {
    params: { path: { deviceId: "D" } },
    body: { display_name: "Phone" },
  });
  expect(result).toMatchObject({ ok: true });
  expect(server.callTokens).toEqual(["old", "a2"]);
  const puts = server.received.filter(({ method }) => method === "PUT");
  expect(puts.map(jsonOf)).toEqual([{ display_name: "Phone" }, { display_name: "Phone" }]);
  expect(saved).toEqual([{ accessToken: "a2", refreshToken: "r2" }]);
  expect(session).toEqual({ accessToken: "a2", refreshToken: "r2", userId: "@a:b", deviceId: "D" });
});

test("any number of calls share one renewal, also from several clients of one session", async () => {
  await using server = await startHomeserver();
  const session = { accessToken: "old", refreshToken: "r1" };
  const clients = [clientOf(server.url, session), clientOf(server.url, session)];
  const results = await Promise.all(Array.from({ length: 20 }, (_, index) => whoami(clients[index % 2]!)));
  expect(results.every(({ ok }) => ok)).toBe(true);
  expect(server.refreshes).toBe(1);
});

test("a call refused for a token that another call has renewed meanwhile is repeated with the new one", async () => {
  const late = Promise.withResolvers<void>();
  await using server = await startHomeserver({ beforeCall: (count) => (count === 1 ? late.promise : undefined) });
  const client = clientOf(server.url, { accessToken: "old", refreshToken: "r1" });
  const first = whoami(client);
  await vi.waitUntil(() => server.callTokens.length === 1);
  expect(await whoami(client)).toMatchObject({ ok: true });
  late.resolve();
  expect(await first).toMatchObject({ ok: true });
  expect(server.refreshes).toBe(1);
});

test("the first token is renewed before it expires, as its login has said", async () => {
  await using server = await startHomeserver({ lifetime: 60_000 });
  const clock = manualClock();
  const login = { user_id: "@a:b", device_id: "D", access_token: "a1", refresh_token: "r1", expires_in_ms: 300_000 };
  const session = sessionFromLogin(login, clock.now());
  const client = clientOf(server.url, session, {}, { clock });
  clock.time += 289_999;
  await whoami(client);
  expect(server.refreshes).toBe(0);
  clock.time += 1;
  await Promise.all([whoami(client), whoami(client)]);
  expect(server.refreshes).toBe(1);
  expect(server.callTokens).toEqual(["a1", "a2", "a2"]);
  expect(session.expiresAt).toBe(clock.now() + 60_000);
});

test("an answer without a refresh token or expiry keeps the one and ends the other", async () => {
  await using server = await startHomeserver({ isRotating: false });
  const session: Tokens = { accessToken: "a1", refreshToken: "r1", expiresAt: 0 };
  const saved: Tokens[] = [];
  await whoami(clientOf(server.url, session, { save: (tokens) => void saved.push(tokens) }));
  expect(session).toEqual({ accessToken: "a2", refreshToken: "r1" });
  expect(saved).toEqual([session]);
});

test.for<Answer>([
  { status: 500, body: { errcode: "M_UNKNOWN", error: "" } },
  { status: 429, body: { errcode: "M_LIMIT_EXCEEDED", error: "" } },
  { status: 502, body: "<h1>Bad gateway" },
  { status: 200, body: {} },
  { status: 200, body: "null" },
  { status: 307, headers: { location: "https://elsewhere.example" } },
])("when the renewal fails with %o, the first answer stands and the session goes on", async (answer) => {
  await using server = await startHomeserver({ refreshAnswer: () => answer });
  const session = { accessToken: "old", refreshToken: "r1" };
  const ended = ends();
  const client = clientOf(server.url, session, ended);
  expect(await whoami(client)).toMatchObject({ ok: false, status: 401, error: { errcode: "M_UNKNOWN_TOKEN" } });
  expect(session).toEqual({ accessToken: "old", refreshToken: "r1" });
  expect(ended.log).toEqual([]);
  await whoami(client);
  expect(server.refreshes).toBe(2);
});

test("when the renewal gets no answer, that is the result: a refusal would look like a logout", async () => {
  await using server = await startHomeserver({ refreshAnswer: (response) => void response.destroy() });
  const ended = ends();
  const result = await whoami(clientOf(server.url, { accessToken: "old", refreshToken: "r1" }, ended));
  expect(result).toMatchObject({ ok: false, kind: "network" });
  expect(ended.log).toEqual([]);
});

test("a token about to expire does while it cannot be renewed", async () => {
  for (const isReachable of [true, false]) {
    const refusal = { status: 500, body: { errcode: "M_UNKNOWN", error: "" } };
    await using server = await startHomeserver({
      refreshAnswer: (response) => (isReachable ? refusal : void response.destroy()),
    });
    const client = clientOf(server.url, { accessToken: "a1", refreshToken: "r1", expiresAt: 1_000_001 });
    expect(await whoami(client)).toMatchObject({ ok: true });
    expect(server.refreshes).toBe(1);
  }
});

test.for([
  [{ soft_logout: true }, "soft"],
  [{ soft_logout: false }, "hard"],
  [{}, "hard"],
] as const)("a refused refresh token ends the session once, with %o as a %s logout", async ([fields, kind]) => {
  await using server = await startHomeserver({ refreshAnswer: () => unknownToken(fields) });
  const ended = ends();
  const client = clientOf(server.url, { accessToken: "old", refreshToken: "dead" }, ended);
  const results = await Promise.all([whoami(client), whoami(client), whoami(client)]);
  expect(results.every((result) => !result.ok && result.status === 401)).toBe(true);
  await whoami(client);
  expect(ended.log).toEqual([kind]);
  expect(server.refreshes).toBe(1);
});

test.for([
  [{ soft_logout: true }, "soft"],
  [{}, "hard"],
] as const)("without a refresh token, a refusal with %o is a %s logout", async ([fields, kind]) => {
  await using server = await startHomeserver({ refusal: fields });
  const ended = ends();
  const session: Tokens = { accessToken: "old" };
  const client = clientOf(server.url, session, ended);
  expect(await whoami(client)).toMatchObject({ status: 401, error: { errcode: "M_UNKNOWN_TOKEN", ...fields } });
  await whoami(client);
  expect(ended.log).toEqual([kind]);
  // After a new login into the same object, it can end again.
  session.accessToken = "newer";
  await whoami(client);
  expect(ended.log).toEqual([kind, kind]);
});

test("tokens that cannot be saved are not used", async () => {
  await using server = await startHomeserver();
  const session = { accessToken: "old", refreshToken: "r1" };
  const client = clientOf(server.url, session, { save: () => Promise.reject(new Error("disk full")) });
  await expect(whoami(client)).rejects.toThrow("disk full");
  expect(session).toEqual({ accessToken: "old", refreshToken: "r1" });
  expect(server.callTokens).toEqual(["old"]);
});

test("a token refused right after its renewal is not renewed again", async () => {
  await using server = await startHomeserver({
    refreshAnswer: () => ({ body: { access_token: "never good" } }),
  });
  const result = await whoami(clientOf(server.url, { accessToken: "old", refreshToken: "r1" }));
  expect(result).toMatchObject({ ok: false, status: 401 });
  expect(server.callTokens).toEqual(["old", "never good"]);
  expect(server.refreshes).toBe(1);
});

test("a challenge is none of its business, whatever its errcode", async () => {
  const challenge = { flows: [{ stages: ["m.login.password"] }], errcode: "M_UNKNOWN_TOKEN", error: "" };
  await using server = await startHomeserver({ refusal: challenge });
  const ended = ends();
  const result = await whoami(clientOf(server.url, { accessToken: "old", refreshToken: "r1" }, ended));
  expect(result).toMatchObject({ status: 401, error: challenge });
  expect([server.refreshes, ended.log]).toEqual([0, []]);
});

test("a token of the caller's own is left alone, and so is a client without a session", async () => {
  await using server = await startHomeserver();
  const client = clientOf(server.url, { accessToken: "old", refreshToken: "r1", expiresAt: 0 });
  const own = { headers: { authorization: "Bearer own" } };
  expect(await client.GET("/_matrix/client/v3/account/whoami", own)).toMatchObject({ status: 401 });
  const stranger = createMatrixClient({ baseUrl: server.url, behaviours: [tokenRefresh()] });
  expect(await whoami(stranger)).toMatchObject({ status: 401 });
  expect(server.refreshes).toBe(0);
});

test("who stops waiting for a renewal does not stop it for the others", async () => {
  const reached = Promise.withResolvers<void>();
  const held = Promise.withResolvers<undefined>();
  await using server = await startHomeserver({
    beforeRefresh: () => {
      reached.resolve();
      return held.promise;
    },
  });
  const client = clientOf(server.url, { accessToken: "old", refreshToken: "r1" });
  const controller = new AbortController();
  const impatient = client.GET("/_matrix/client/v3/account/whoami", { signal: controller.signal });
  const patient = whoami(client);
  await reached.promise;
  controller.abort(new Error("enough"));
  await expect(impatient).rejects.toThrow("enough");
  held.resolve(undefined);
  expect(await patient).toMatchObject({ ok: true });
  expect(server.refreshes).toBe(1);
});

interface HomeserverOptions {
  readonly lifetime?: number;
  readonly isRotating?: boolean;
  /** What to add to the refusal of an access token. */
  readonly refusal?: object;
  readonly beforeCall?: (count: number) => Promise<void> | undefined;
  readonly beforeRefresh?: () => Promise<undefined>;
  /** Answers in place of issuing tokens. */
  readonly refreshAnswer?: (response: { destroy(): unknown }) => Answer | undefined;
}

/** A homeserver that knows one access token, `a1` first, and one refresh token, `r1` first, and rotates both. */
async function startHomeserver(options: HomeserverOptions = {}) {
  const { lifetime, isRotating = true, refusal = {}, beforeCall, beforeRefresh, refreshAnswer } = options;
  const state = { refreshes: 0, callTokens: [] as (string | undefined)[] };
  let [access, refresh] = ["a1", "r1"];
  const server = await startServer(async (request, response) => {
    if (request.path !== "/_matrix/client/v3/refresh") {
      const token = request.headers.authorization?.replace("Bearer ", "");
      const isKnown = token === access;
      const count = state.callTokens.push(token);
      await beforeCall?.(count);
      return isKnown ? { body: { user_id: "@a:b" } } : unknownToken(refusal);
    }
    expect(request.headers.authorization).toBeUndefined();
    state.refreshes++;
    await beforeRefresh?.();
    if (refreshAnswer) return refreshAnswer(response);
    const sent = jsonOf(request) as { refresh_token: string }; // what the client under test has sent
    if (sent.refresh_token !== refresh) return unknownToken();
    access = `a${state.refreshes + 1}`;
    if (isRotating) refresh = `r${state.refreshes + 1}`;
    const fields = { ...(isRotating && { refresh_token: refresh }), ...(lifetime && { expires_in_ms: lifetime }) };
    return { body: { access_token: access, ...fields } };
  });
  return Object.assign(state, server);
}

function unknownToken(fields: object = {}): Answer {
  return { status: 401, body: { errcode: "M_UNKNOWN_TOKEN", error: "Who are you?", ...fields } };
}

function clientOf(
  baseUrl: string,
  session: Tokens,
  options: TokenRefreshOptions = {},
  more: Partial<ClientOptions> = {},
): MatrixClient {
  return createMatrixClient({ baseUrl, session, clock: manualClock(), behaviours: [tokenRefresh(options)], ...more });
}

function whoami(client: MatrixClient) {
  return client.GET("/_matrix/client/v3/account/whoami");
}

function ends() {
  const log: string[] = [];
  return { log, onLogout: () => void log.push("hard"), onSoftLogout: () => void log.push("soft") };
}
