import { connect } from "node:net";
import { afterAll, describe, expect, test } from "vitest";
import { readAnswer } from "../fixtures/call.ts";
import type { Answer } from "../fixtures/call.ts";
import { passwordOf, startHomeserver } from "./fixtures/homeserver.ts";

const home = await startHomeserver({ rateLimits: { login: false, registration: false, userInteractiveAuth: false } });
const alice = await home.register("alice");

afterAll(() => home[Symbol.asyncDispose]());

const dummy = { type: "m.login.dummy" };
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

async function send(method: string, path: string, body: string | Uint8Array<ArrayBuffer>): Promise<Answer> {
  const headers = { authorization: `Bearer ${alice.access_token}` };
  return readAnswer(await fetch(home.url + path, { method, headers, body }));
}

/** Every operation of this server that takes a JSON body. */
const takingJson = [
  "POST /_matrix/client/v3/login",
  "POST /_matrix/client/v3/register",
  "POST /_matrix/client/v3/refresh",
  "POST /_matrix/client/v1/login/get_token",
  "POST /_matrix/client/v3/account/password",
  "POST /_matrix/client/v3/account/deactivate",
  "PUT /_matrix/client/v3/devices/X",
  "DELETE /_matrix/client/v3/devices/X",
  "POST /_matrix/client/v3/delete_devices",
  "POST /_matrix/client/v3/user/@alice:localhost/openid/request_token",
];

const notJson: readonly (readonly [string, string | Uint8Array<ArrayBuffer>])[] = [
  ["no JSON", "{"],
  ["a JSON string with half a byte sequence", new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ["NUL bytes", new Uint8Array(16)],
];

const badJson: readonly (readonly [string, string])[] = [
  ["null", "null"],
  ["an array", "[]"],
  ["a number", "1"],
  ["a string", '"{}"'],
  ["a body nested too deeply", nested(100)],
  ["a very deep body", nested(100_000)],
  ["an array nested too deeply", `{"a":${"[".repeat(5000)}${"]".repeat(5000)}}`],
  ["__proto__", '{"__proto__": {"password": "x"}}'],
  ["__proto__ further inside", '{"auth": {"identifier": {"__proto__": {}}}}'],
  ["half a surrogate pair", String.raw`{"username": "\ud800"}`],
  ["half a surrogate pair as a key", String.raw`{"\udc00": 1}`],
  ["auth that is no object", '{"auth": "m.login.dummy", "new_password": "x", "devices": [], "refresh_token": "x"}'],
];

describe.each(takingJson)("%s", (operation) => {
  const [method = "", path = ""] = operation.split(" ");

  test.each(notJson)("refuses %s", async (_name, body) => {
    expect(await send(method, path, body)).toMatchObject({ status: 400, body: { errcode: "M_NOT_JSON" } });
  });

  test.each(badJson)("refuses %s", async (name, body) => {
    const answer = await send(method, path, body);
    const hasNoAuth = name.startsWith("auth") && (path.endsWith("request_token") || path.endsWith("/refresh"));
    if (hasNoAuth || (name.startsWith("auth") && method === "PUT")) return expect(answer.status).toBeLessThan(500);
    return expect(answer).toMatchObject({ status: 400, body: { errcode: "M_BAD_JSON", error: expect.any(String) } });
  });

  test("refuses a body of two megabytes", async () => {
    const answer = await send(method, path, JSON.stringify({ filler: "x".repeat(2 * 1024 * 1024) }));
    expect(answer).toMatchObject({ status: 413, body: { errcode: "M_TOO_LARGE" } });
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  });
});

describe("wrong types", () => {
  const values = [null, true, 1, -1, 1.5, "", "x", [], ["x"], {}, { a: 1 }];
  const bodies: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    "POST /_matrix/client/v3/login": {
      ...passwordOf("alice"),
      device_id: "D",
      initial_device_display_name: "D",
      refresh_token: true,
    },
    "POST /_matrix/client/v3/register": {
      username: "wrongtypes",
      password: "some password",
      device_id: "D",
      initial_device_display_name: "D",
      inhibit_login: false,
      refresh_token: true,
      guest_access_token: "x",
      auth: dummy,
    },
    "POST /_matrix/client/v3/refresh": { refresh_token: "x" },
    "POST /_matrix/client/v3/account/password": { new_password: "some password", logout_devices: true, auth: dummy },
    "POST /_matrix/client/v3/account/deactivate": { erase: false, id_server: "x.org", auth: dummy },
    "POST /_matrix/client/v3/delete_devices": { devices: ["X"], auth: dummy },
    "DELETE /_matrix/client/v3/devices/X": { auth: dummy },
  };

  test.each(Object.entries(bodies))("%s answers each with a Matrix error or its challenge", async (operation, body) => {
    const [method = "", path = ""] = operation.split(" ");
    for (const field of Object.keys(body)) {
      for (const value of values) {
        const answer = await send(method, path, JSON.stringify({ ...body, [field]: value }));
        const shown = `${field} = ${JSON.stringify(value)}: ${answer.status} ${answer.text}`;
        expect(answer.status, shown).toBeLessThan(500);
        if (answer.status === 401) expect(answer.body.flows ?? answer.body.errcode, shown).toBeDefined();
        else if (answer.status !== 200) expect(answer.body.errcode, shown).toMatch(/^M_[A-Z_]+$/);
      }
    }
  });

  test("in the authentication itself are answered with the challenge, and the session goes on", async () => {
    const body = { username: "persistent", password: "some password" };
    const { session } = (await home.call("POST", "/v3/register", { body })).body;
    for (const auth of [{ type: 1 }, { type: "m.login.unheard-of" }, { ...passwordOf("x"), identifier: null }]) {
      const answer = await home.call("POST", "/v3/register", { body: { ...body, auth: { ...auth, session } } });
      expect(answer).toMatchObject({ status: 401, body: { session, errcode: expect.any(String) } });
    }
    for (const auth of [
      { ...dummy, session: 1 },
      { ...dummy, session: "unheard-of" },
    ]) {
      const answer = await home.call("POST", "/v3/register", { body: { ...body, auth } });
      expect(answer.status).toBe(401);
      expect(answer.body.session).not.toBe(session);
    }
    const final = await home.call("POST", "/v3/register", { body: { ...body, auth: { ...dummy, session } } });
    expect(final.body.user_id).toBe("@persistent:localhost");
  });
});

/** As it is: `fetch` would resolve `..` and correct what is wrong. */
function rawGet(path: string): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(home.url);
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  const socket = connect(Number(port), hostname);
  let received = "";
  socket.on("error", reject);
  socket.on("data", (chunk) => (received += String(chunk)));
  socket.on("end", () => {
    const [head = "", text = ""] = received.split("\r\n\r\n");
    resolve({ status: Number(head.split(" ")[1]), text });
  });
  socket.write(
    `GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${alice.access_token}\r\nconnection: close\r\n\r\n`,
  );
  return promise;
}

describe("paths and queries", () => {
  test.each([
    "/_matrix/client/v3/devices/%",
    "/_matrix/client/v3/devices/%ff",
    "/_matrix/client/v3/devices/%ed%a0%80",
    "/_matrix/client/v3/register/available?username=%ff",
    "/_matrix/client/v3/register/available",
    "/_matrix/client/v3/register/available?username=a&username=b",
    "/_matrix/client/v3/devices/../account/whoami",
    "/_matrix/client/v3/devices/__proto__",
    "/_matrix/client/v3/devices/X%00Y",
    "/_matrix/client/v3/devices/",
    "//_matrix/client/versions",
    "/_matrix/client/versions?access_token=",
    `/_matrix/client/v3/devices/${"x".repeat(5000)}`,
  ])("%s is no failure", async (path) => {
    const { status, text } = await rawGet(path);
    expect(status, text).toBeLessThan(500);
    if (status >= 400) expect(JSON.parse(text).errcode, text).toMatch(/^M_[A-Z_]+$/);
  });
});

const hundredTimes = <T>(work: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: 100 }, work));

describe("100 concurrent final requests are one execution, with the same answer to all", () => {
  test.each(["named", undefined])("registration as %s", async (username) => {
    const body = { ...(username !== undefined && { username }), password: "some password", refresh_token: true };
    const users = async () => (await home.db.selectFrom("hs_users").select("user_id").execute()).length;
    const before = await users();
    const { session } = (await home.call("POST", "/v3/register", { body })).body;
    const final = { ...body, auth: { ...dummy, session } };
    const answers = await hundredTimes(() => home.call("POST", "/v3/register", { body: final }));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(
      new Set([`200 ${answers[0]?.text}`]),
    );
    expect(await users()).toBe(before + 1);
    const userId = answers[0]?.body.user_id ?? "nobody";
    const devices = await home.db.selectFrom("hs_devices").select("device_id").where("user_id", "=", userId).execute();
    expect(devices).toHaveLength(1);
  });

  test("a login token", async () => {
    const { session } = (await home.call("POST", "/v1/login/get_token", { token: alice.access_token, body: {} })).body;
    const final = { token: alice.access_token, body: { auth: { ...passwordOf("alice"), session } } };
    const answers = await hundredTimes(() => home.call("POST", "/v1/login/get_token", final));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.login_token)).size).toBe(1);
  });

  test("a login by that token, which only one of them gets", async () => {
    const granted = await home.authenticated("POST", "/v1/login/get_token", passwordOf("alice"), {
      token: alice.access_token,
    });
    const body = { type: "m.login.token", token: granted.body.login_token };
    const answers = await hundredTimes(() => home.call("POST", "/v3/login", { body }));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(99);
  });

  test("deactivation without a token", async () => {
    await home.register("leaver");
    const { session } = (await home.call("POST", "/v3/account/deactivate", { body: {} })).body;
    const final = { body: { auth: { ...passwordOf("leaver"), session } } };
    const answers = await hundredTimes(() => home.call("POST", "/v3/account/deactivate", final));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 200 });
  });

  test("100 sessions for one name give it to one of them", async () => {
    const body = { username: "contested", password: "some password" };
    const answers = await hundredTimes(() => home.authenticated("POST", "/v3/register", dummy, { body }));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body: { errcode } }) => errcode === "M_USER_IN_USE")).toHaveLength(99);
  });
});
