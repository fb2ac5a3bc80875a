import { describe, expect, test } from "vitest";
import { createClientServerApi, error, MatrixError, ok } from "./index.ts";
import type { ClientServerHandlers, MatrixUser } from "./index.ts";

const users: Readonly<Record<string, MatrixUser | { error: MatrixError }>> = {
  alice: { id: "@alice:h", deviceId: "D", guest: false },
  guest: { id: "@1:h", deviceId: "G", guest: true },
  bridge: { id: "@bridge:h", deviceId: null, guest: false, applicationService: "irc" },
  soft: { error: new MatrixError(401, "M_UNKNOWN_TOKEN", "The token has expired.", { soft_logout: true }) },
  locked: { error: new MatrixError(401, "M_USER_LOCKED", "Locked.", { soft_logout: true }) },
};

function serve(handlers: Partial<ClientServerHandlers>) {
  const reports: unknown[] = [];
  const api = createClientServerApi(handlers, {
    authenticate: async (token) => users[token],
    validateResponses: true,
    onError: (reason) => reports.push(reason),
  });
  return async (method: string, path: string, { token, body }: { token?: string; body?: unknown } = {}) => {
    const headers: HeadersInit = token === undefined ? {} : { Authorization: `Bearer ${token}` };
    const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const response = await api.fetch(new Request(`http://h/_matrix/client${path}`, init));
    expect(reports).toEqual([]);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
}

describe("access tokens", () => {
  const ask = serve({
    getTokenOwner: ({ user }) => ok({ user_id: user.id, is_guest: user.guest }),
    getAccount3PIDs: () => ok({ threepids: [] }),
    getVersions: ({ user }) => ok({ versions: ["v1.19"], unstable_features: { known: user !== undefined } }),
  });
  const whoami = "/v3/account/whoami";

  test.each<[string, string, string | undefined, number, object]>([
    ["in the header", whoami, "alice", 200, { user_id: "@alice:h" }],
    ["in the query", `${whoami}?access_token=alice`, undefined, 200, { user_id: "@alice:h" }],
    ["in both, the same", `${whoami}?access_token=alice`, "alice", 200, { user_id: "@alice:h" }],
    ["in both, different ones", `${whoami}?access_token=guest`, "alice", 400, { errcode: "M_UNKNOWN" }],
    ["twice in the query", `${whoami}?access_token=a&access_token=b`, undefined, 400, { errcode: "M_UNKNOWN" }],
    ["nowhere", whoami, undefined, 401, { errcode: "M_MISSING_TOKEN" }],
    ["empty", `${whoami}?access_token=`, undefined, 401, { errcode: "M_MISSING_TOKEN" }],
    ["unknown", whoami, "mallory", 401, { errcode: "M_UNKNOWN_TOKEN" }],
    ["expired", whoami, "soft", 401, { errcode: "M_UNKNOWN_TOKEN", soft_logout: true }],
    ["of a locked account", whoami, "locked", 401, { errcode: "M_USER_LOCKED", soft_logout: true }],
    ["of a guest, who may ask this", whoami, "guest", 200, { is_guest: true }],
    ["of a guest, who may not ask this", "/v3/account/3pid", "guest", 403, { errcode: "M_GUEST_ACCESS_FORBIDDEN" }],
    ["nowhere, where it is optional", "/versions", undefined, 200, { unstable_features: { known: false } }],
    ["in the header, where it is optional", "/versions", "alice", 200, { unstable_features: { known: true } }],
    ["unknown, where it is optional", "/versions", "mallory", 401, { errcode: "M_UNKNOWN_TOKEN" }],
  ])("%s", async (_, path, token, status, body) => {
    const answer = await ask("GET", path, token === undefined ? {} : { token });
    expect(answer).toMatchObject({ status, body });
  });

  test("of another scheme than Bearer are none", async () => {
    const api = createClientServerApi({ getTokenOwner: () => ok({ user_id: "@a:h" }) });
    const request = new Request(`http://h/_matrix/client${whoami}`, { headers: { Authorization: "Basic YTpi" } });
    expect((await (await api.fetch(request)).json()).errcode).toBe("M_MISSING_TOKEN");
  });

  test("tell who authenticates where a token was found", async () => {
    const uses: unknown[] = [];
    const api = createClientServerApi(
      { getTokenOwner: () => ok({ user_id: "@a:h" }) },
      {
        authenticate(token, { operation, scheme, request, remoteAddress }) {
          uses.push([token, operation.operationId, scheme, request.method, remoteAddress]);
          return undefined;
        },
      },
    );
    await api.fetch(new Request(`http://h/_matrix/client${whoami}?access_token=t`), { remoteAddress: "::1" });
    expect(uses).toEqual([["t", "getTokenOwner", "accessTokenQuery", "GET", "::1"]]);
  });
});

describe("what only application services may do", () => {
  const ask = serve({
    pingAppservice: ({ user, params }) =>
      user.applicationService === params.path.appserviceId
        ? ok({ duration_ms: 1 })
        : error(403, "M_FORBIDDEN", "That is another application service."),
    getTokenOwner: ({ user }) => ok({ user_id: user.id }),
  });
  const ping = (token?: string, id = "irc") =>
    ask("POST", `/v1/appservice/${id}/ping`, { body: {}, ...(token !== undefined && { token }) });

  test("is done with the token of one, and its handler knows of which", async () => {
    expect(await ping("bridge")).toEqual({ status: 200, body: { duration_ms: 1 } });
    expect(await ping("bridge", "other")).toMatchObject({ status: 403, body: { errcode: "M_FORBIDDEN" } });
    expect(await ask("POST", "/v1/appservice/irc/ping?access_token=bridge", { body: {} })).toMatchObject({
      status: 200,
    });
  });

  test("is refused to everybody else", async () => {
    const refusal = { errcode: "M_FORBIDDEN", error: expect.stringContaining("Only application services") };
    expect(await ping("alice")).toEqual({ status: 403, body: refusal });
    expect(await ping("nobody")).toMatchObject({ status: 401, body: { errcode: "M_UNKNOWN_TOKEN" } });
    expect(await ping()).toMatchObject({ status: 401, body: { errcode: "M_MISSING_TOKEN" } });
  });

  test("leaves them everything that users may do", async () => {
    expect(await ask("GET", "/v3/account/whoami", { token: "bridge" })).toMatchObject({
      body: { user_id: "@bridge:h" },
    });
  });
});

describe("the order of refusals", () => {
  const ask = serve({ updateDevice: () => ok({}) });
  test.each<[string, string, string, { token?: string; body?: unknown }, number, string]>([
    ["the path before all", "PUT", "/v3/device/D", { body: 1 }, 404, "M_UNRECOGNIZED"],
    ["the method before the token", "POST", "/v3/devices/D", { body: 1 }, 405, "M_UNRECOGNIZED"],
    ["the token before the body", "PUT", "/v3/devices/D", { body: 1 }, 401, "M_MISSING_TOKEN"],
    ["the body last", "PUT", "/v3/devices/D", { body: 1, token: "alice" }, 400, "M_BAD_JSON"],
    ["a missing handler before the token", "GET", "/v3/devices", {}, 404, "M_UNRECOGNIZED"],
  ])("%s", async (_, method, path, init, status, errcode) => {
    expect(await ask(method, path, init)).toEqual({ status, body: { errcode, error: expect.any(String) } });
  });
});

describe("wrong input", () => {
  const ask = serve({
    login: () => error(403, "M_FORBIDDEN"),
    logout: ({ body }) => (body === undefined ? ok({}) : error(500, "M_UNKNOWN")),
    checkUsernameAvailability: () => ok({ available: true }),
    requestTokenToRegisterEmail: () => ok({ sid: "s" }),
    updateDevice: () => ok({}),
  });
  const secret = "correct horse";
  const passwordLogin = { type: "m.login.password", password: secret, identifier: { type: "m.id.user", user: "a" } };

  test.each<[string, unknown, number, string, RegExp]>([
    ["what fits", passwordLogin, 403, "M_FORBIDDEN", /./],
    ["no type", { password: secret }, 400, "M_BAD_JSON", /"type" in the body is missing/],
    ["an unknown type", { ...passwordLogin, type: "org.example" }, 400, "M_UNKNOWN", /"type" in the body/],
    ["a type that is no string", { ...passwordLogin, type: 1 }, 400, "M_BAD_JSON", /is an integer, expected a string/],
    ["no password", { ...passwordLogin, password: undefined }, 400, "M_BAD_JSON", /"password" in the body is missing/],
    ["an inner field", { ...passwordLogin, identifier: { type: "m.id.user" } }, 400, "M_BAD_JSON", /"identifier.user"/],
    ["another identifier", { ...passwordLogin, identifier: { type: "x" } }, 400, "M_BAD_JSON", /"identifier.type"/],
    ["a wrong kind", { ...passwordLogin, password: [secret] }, 400, "M_BAD_JSON", /is an array, expected string/],
  ])("login with %s", async (_, body, status, errcode, message) => {
    const answer = await ask("POST", "/v3/login", { body });
    expect(answer).toEqual({ status, body: { errcode, error: expect.stringMatching(message) } });
    expect(JSON.stringify(answer)).not.toContain(secret);
  });

  test.each([
    ["/v3/register/available", "M_MISSING_PARAM", /"username" in the query is missing/],
    ["/v3/register/available?username=a&username=b", "M_INVALID_PARAM", /more than once/],
  ])("GET %s", async (path, errcode, message) => {
    const answer = await ask("GET", path);
    expect(answer).toEqual({ status: 400, body: { errcode, error: expect.stringMatching(message) } });
  });

  test("a path value that its grammar refuses", async () => {
    const answer = await ask("PUT", `/v3/devices/${"x".repeat(1000)}`, { token: "alice", body: {} });
    expect([answer.status, answer.body["errcode"]]).toEqual([400, "M_INVALID_PARAM"]);
  });

  test("no body where none is declared is looked at", async () => {
    expect((await ask("POST", "/v3/logout", { token: "alice", body: [1] })).status).toBe(200);
  });

  test("a narrower code where the operation lists one", async () => {
    const body = { client_secret: "not this!", email: "a@example.org", send_attempt: 1 };
    const answer = await ask("POST", "/v3/register/email/requestToken", { body });
    expect([answer.status, answer.body["errcode"]]).toEqual([400, "M_INVALID_PARAM"]);
  });
});
