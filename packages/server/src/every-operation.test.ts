import type { OperationDescriptor } from "@matrix-openapi/definitions";
import { describe, expect, test } from "vitest";
import { clientServerDescription } from "./client-server-api.ts";
import { createApi } from "./create-api.ts";
import type { ApiDescription } from "./description.ts";
import type { Seen } from "./fixtures/tiny-server.ts";
import { identityDescription } from "./identity-api.ts";
import { ok } from "./results.ts";

// Values that another router would decode twice, cut, join or resolve; among them names that stand in paths themselves.
const awkward = [
  "",
  ".",
  "..",
  "/",
  "a/b",
  "%2F",
  "%",
  "?a=b",
  "#fragment",
  "!room:server",
  "@user:server",
  "a b+c",
  "ünïcödé 🐈",
  "\\",
  "{stateKey}",
  "__proto__",
  "\0",
  "state",
  "actions",
  "redirect",
];

describe.each([
  ["client-server", clientServerDescription],
  ["identity", identityDescription],
])("every operation of the %s API", (_, description) => {
  const operations = Object.values(description.operations);
  const ask = serveEverything(description);
  const templates = new Set(operations.map(({ path }) => path));

  test("is found under its path alone, with every value whole", async () => {
    for (const operation of operations) {
      for (let turn = 0; turn < awkward.length; turn++) {
        const values = operation.pathParams.map((_name, index) => awkward[(turn + index * 7) % awkward.length] ?? "");
        const path = fill(operation, values);
        if (templates.has(path) && path !== operation.path) continue; // the name of a neighbour; see below
        expect(await ask(operation.method, path), path).toEqual({ id: operation.operationId, values });
        if (operation.pathParams.length === 0) break;
      }
    }
  });

  test("is found by nothing that is longer, shorter, or written otherwise", async () => {
    for (const operation of operations) {
      const values = operation.pathParams.map(() => "a~b");
      const path = fill(operation, values);
      const other = path.endsWith("/") ? path.slice(0, -1) : `${path}/`;
      for (const wrong of [other, `${path}/a/b/c/d`, `/${path}`, path.toUpperCase(), path.replace("/", "/./")]) {
        expect((await ask(operation.method, wrong))?.id, wrong).not.toBe(operation.operationId);
      }
    }
  });
});

describe("the client-server API", () => {
  const ask = serveEverything(clientServerDescription);

  test.each<[string, string, string, readonly string[]]>([
    ["GET", "/v3/rooms/!r/state", "getRoomState", ["!r"]],
    ["GET", "/v3/rooms/!r/state/m.room.name/", "getRoomStateWithKey", ["!r", "m.room.name", ""]],
    // The slash before an empty state key is optional.
    ["GET", "/v3/rooms/!r/state/m.room.name", "getRoomStateWithKey", ["!r", "m.room.name", ""]],
    ["PUT", "/v3/rooms/!r/state/m.room.name", "setRoomStateWithKey", ["!r", "m.room.name", ""]],
    ["GET", "/v3/login/sso/redirect", "redirectToSSO", []],
    ["GET", "/v3/login/sso/redirect/", "redirectToIdP", [""]],
    ["GET", "/v3/login/sso/redirect/oidc", "redirectToIdP", ["oidc"]],
    ["GET", "/v3/pushrules/", "getPushRules", []],
    ["GET", "/v3/pushrules/global/", "getPushRulesGlobal", []],
    ["GET", "/v3/pushrules/global/override/actions", "getPushRule", ["override", "actions"]],
    ["GET", "/v3/pushrules/global/override/actions/actions", "getPushRuleActions", ["override", "actions"]],
    ["GET", "/v3/events", "getEvents", []],
    ["GET", "/v3/events/", "getOneEvent", [""]],
    ["POST", "/v3/rooms/!r/report", "reportRoom", ["!r"]],
    ["POST", "/v3/rooms/!r/report/$e", "reportEvent", ["!r", "$e"]],
    ["POST", "/v3/account/3pid/bind", "bind3PID", []],
    ["GET", "/v1/media/download/h/m", "getContentAuthed", ["h", "m"]],
    ["GET", "/v1/media/download/h/m/a%2Fb.png", "getContentOverrideNameAuthed", ["h", "m", "a/b.png"]],
  ])("finds %s %s", async (method, path, id, values) => {
    expect(await ask(method, `/_matrix/client${path}`)).toEqual({ id, values });
  });
});

/** Serves each operation with a handler that says which it is; nothing but the routing decides. */
function serveEverything(description: ApiDescription) {
  const operations = Object.values(description.operations).map((operation): OperationDescriptor => ({
    ...operation,
    auth: { mode: "none", schemes: [] },
    uia: null,
    requestBody: null,
    queryParams: {},
  }));
  const handlers = operations.map(({ operationId, pathParams }) => [
    operationId,
    ({ params }: Seen) => ok({ id: operationId, values: pathParams.map((name) => params.path[name]) }),
  ]);
  const api = createApi(
    {
      ...description,
      operations: Object.fromEntries(operations.map((operation) => [operation.operationId, operation])),
      requestValidators: {},
    },
    Object.fromEntries(handlers),
    {},
  );
  return async (method: string, rawPath: string) => {
    const answer = await api.fetch(new Request("http://h/", { method }), { rawPath });
    return answer.ok ? ((await answer.json()) as { id: string; values: string[] }) : undefined;
  };
}

function fill({ path, pathParams }: OperationDescriptor, values: readonly string[]): string {
  return pathParams.reduce((filled, name, index) => {
    return filled.replace(`{${name}}`, () => encodeURIComponent(values[index] ?? ""));
  }, path);
}
