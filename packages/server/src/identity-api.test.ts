import { describe, expect, test } from "vitest";
import { createIdentityApi, error, ok, redirect } from "./index.ts";

const reports: unknown[] = [];
const api = createIdentityApi(
  {
    ping: () => ok({}),
    getAccount: ({ user }) => ok({ user_id: user.id }),
    lookupUsers: ({ body }) =>
      body.pepper === "p" ? ok({ mappings: {} }) : error(400, "M_INVALID_PEPPER", "Ask again."),
    emailRequestToken: () => ok({ sid: "s" }),
    getPubKey: () => ok({ public_key: "a".repeat(43) }),
    isPubKeyValid: () => ok({ valid: true }),
    emailSubmitTokenGet: () => redirect(302, "https://example.org/"),
  },
  {
    authenticate: (token) => (token === "t" ? { id: "@a:h" } : undefined),
    validateResponses: true,
    onError: (reason) => reports.push(reason),
  },
);

async function ask(method: string, path: string, body?: object, token?: string) {
  const headers: HeadersInit = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  const response = await api.fetch(new Request(`http://h/_matrix/identity${path}`, init));
  expect(reports).toEqual([]);
  const text = await response.text();
  return [response.status, text === "" ? null : JSON.parse(text)];
}
const fails = (status: number, errcode: string) => [status, { errcode, error: expect.any(String) }];

describe("the identity service", () => {
  test.each<[string, string, string, object | undefined, string | undefined, unknown]>([
    ["answers", "GET", "/v2", undefined, undefined, [200, {}]],
    ["knows the token", "GET", "/v2/account", undefined, "t", [200, { user_id: "@a:h" }]],
    ["misses the token", "GET", "/v2/account", undefined, undefined, fails(401, "M_UNAUTHORIZED")],
    ["does not know the token", "GET", "/v2/account", undefined, "x", fails(401, "M_UNAUTHORIZED")],
    ["does not know the path", "GET", "/v1", undefined, undefined, fails(404, "M_UNRECOGNIZED")],
    ["does not know the method", "DELETE", "/v2/account", undefined, "t", fails(405, "M_UNRECOGNIZED")],
    ["misses a field", "POST", "/v2/lookup", { pepper: "p", algorithm: "none" }, "t", fails(400, "M_MISSING_PARAMS")],
    ["misses the body", "POST", "/v2/lookup", undefined, "t", fails(400, "M_NOT_JSON")],
    [
      "minds a wrong field",
      "POST",
      "/v2/lookup",
      { pepper: "p", algorithm: "none", addresses: 1 },
      "t",
      fails(400, "M_INVALID_PARAM"),
    ],
    [
      "has codes of its own",
      "POST",
      "/v2/lookup",
      { pepper: "x", algorithm: "none", addresses: [] },
      "t",
      fails(400, "M_INVALID_PEPPER"),
    ],
    ["misses a parameter", "GET", "/v2/pubkey/isvalid", undefined, undefined, fails(400, "M_MISSING_PARAMS")],
    [
      "tells a fixed path from a key",
      "GET",
      "/v2/pubkey/isvalid?public_key=x",
      undefined,
      undefined,
      [200, { valid: true }],
    ],
  ])("%s", async (_, method, path, body, token, wanted) =>
    expect(await ask(method, path, body, token)).toEqual(wanted),
  );
});
