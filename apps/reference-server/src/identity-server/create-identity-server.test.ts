import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { operations } from "@matrix-openapi/definitions/identity/operations";
import { peerName, runIdentityServer } from "./fixtures/running-identity-server.ts";
import type { RunningIdentityServer } from "./fixtures/running-identity-server.ts";

const alice = `@alice:${peerName}`;
let running: RunningIdentityServer;
let token: string;

beforeAll(async () => {
  running = await runIdentityServer();
  token = await running.register(alice);
});
afterAll(() => running[Symbol.asyncDispose]());

test("rules 1 and 2: ping and versions", async () => {
  expect(await running.call("GET", "/v2")).toMatchObject({ status: 200, body: {}, text: "{}" });
  const versions = await running.call("GET", "/versions");
  for (const version of versions.body["versions"] as string[]) expect(version).toMatch(/^(v\d+\.\d+|r\d+\.\d+\.\d+)$/);
});

test("rule 5: unknown paths and wrong methods", async () => {
  expect(await running.call("GET", "/v2/nothing")).toMatchObject({ status: 404, body: { errcode: "M_UNRECOGNIZED" } });
  expect(await running.call("PUT", "/v2/terms")).toMatchObject({ status: 405, body: { errcode: "M_UNRECOGNIZED" } });
});

test("rule 7: the token is taken from the header and from the query", async () => {
  const owner = { status: 200, body: { user_id: alice } };
  expect(await running.call("GET", "/v2/account", { token })).toMatchObject(owner);
  expect(await running.call("GET", "/v2/account", { query: { access_token: token } })).toMatchObject(owner);
});

const withToken = Object.values(operations).filter((operation) => operation.auth.mode === "required");

test.each(withToken)("rules 6 and 8: $operationId refuses unknown and missing tokens", async ({ method, path }) => {
  const short = path.replace("/_matrix/identity", "");
  for (const options of [{}, { token: "mat_of_a_homeserver" }, { query: { access_token: "nonsense" } }]) {
    const answer = await running.call(method, short, options);
    expect(answer).toMatchObject({ status: 401, body: { errcode: "M_UNAUTHORIZED" } });
    expect(typeof answer.body["error"]).toBe("string");
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  }
});

const withBody = Object.values(operations).filter((operation) => operation.requestBody !== null);
const deep = `${"[".repeat(5000)}${"]".repeat(5000)}`;
const malformed: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["no JSON", "{"],
  ["an array", "[]"],
  ["null", "null"],
  ["missing fields", "{}"],
  ["wrong types", JSON.stringify(Object.fromEntries(["sid", "client_secret", "token"].map((name) => [name, 7])))],
  ["depth", `{"a":${deep}}`],
  ["__proto__", '{"__proto__":{"sid":"x"},"sid":"x"}'],
  ["a lone surrogate", '{"sid":"\\ud800","client_secret":"x","token":"x"}'],
];

describe.each(withBody)("$operationId answers malformed bodies with a Matrix error", ({ method, path }) => {
  test.each(malformed)("%s", async (_what, body) => {
    const answer = await running.call(method, path.replace("/_matrix/identity", ""), { token, body });
    expect(answer.status).toBe(400);
    expect(answer.body["errcode"]).toMatch(/^M_(NOT_JSON|MISSING_PARAMS|INVALID_PARAM|BAD_JSON)$/);
  });
});

test("rule 10: a missing parameter is M_MISSING_PARAMS", async () => {
  for (const [path, options] of [
    ["/v2/pubkey/isvalid", {}],
    ["/v2/3pid/getValidated3pid", { token, query: { sid: "x" } }],
  ] as const) {
    expect(await running.call("GET", path, options)).toMatchObject({
      status: 400,
      body: { errcode: "M_MISSING_PARAMS" },
    });
  }
  expect(await running.call("POST", "/v2/3pid/bind", { token, body: { sid: "x" } })).toMatchObject({
    status: 400,
    body: { errcode: "M_MISSING_PARAMS" },
  });
});
