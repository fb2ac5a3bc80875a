import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { compareCallerParameters, compareSecuritySchemes } from "./compare-access.ts";
import { compareApi } from "./compare-api.ts";
import { compareErrcodes } from "./compare-errcodes.ts";
import { compareEvents } from "./compare-events.ts";
import { findComponents } from "./components.ts";
import { type Difference, printDifference } from "./difference.ts";
import { openSource } from "./source.ts";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "fidelity-"));
});
afterEach(() => rm(root, { recursive: true }));

test("operations: what is not described, cannot be read or is not upstream's is one line each", async () => {
  await write("client-server/common-errors.yaml", "merged: []\nanywhere: []\n");
  await write(
    "client-server/openapi.yaml",
    `paths:
  /_matrix/client/v3/login: { $ref: login.yaml }
  /_matrix/client/v3/refresh: { $ref: absent.yaml }
  /_matrix/client/v3/notes: { get: { operationId: getNotes } }
`,
  );
  await write("client-server/login.yaml", "get: { operationId: [");
  const asked = new Set(["login", "refresh", "logout"]);
  const { differences, compared } = compareApi(openSource(root), "client-server", ({ operationId }) =>
    asked.has(operationId),
  );
  expect(compared).toBe(3);
  expect(differences.map(kindOf).toSorted()).toEqual([
    "getNotes  extra",
    "login  unreadable",
    "logout  undescribed",
    "refresh  unreadable",
  ]);
  expect(differences.map(printDifference).join("\n")).toContain(
    "logout  not described (POST /_matrix/client/v3/logout)",
  );
});

test.each<[what: string, file: string, text: string, found: string[]]>([
  ["nothing", "events/state/m.room.name.yaml", roomName({}), []],
  ["a lost event", "events/state/m.room.topic.yaml", "type: object", ["m.room.name  undescribed"]],
  ["a kind", "events/state/m.room.name.yaml", roomName({ kind: "message" }), ["m.room.name kinds value"]],
  ["a state key", "events/state/m.room.name.yaml", roomName({ key: "any" }), ["m.room.name stateKey value"]],
  [
    "a field",
    "events/state/m.room.name.yaml",
    roomName({ field: "title" }),
    ["m.room.name content.name missing", "m.room.name content.title extra"],
  ],
])("events: %s", async (_, file, text, found) => {
  await write(file, text);
  const { differences } = compareEvents(openSource(root), root, findComponents(root), (type) => type === "m.room.name");
  expect(differences.map(kindOf)).toEqual(found);
});

test("events: the forms of a message", async () => {
  await write(
    "events/message/m.room.message.yaml",
    `oneOf:
  - { type: object, required: [msgtype, body], properties: { msgtype: { const: m.emote }, body: { type: string }, format: { type: string } } }
  - { type: object, required: [msgtype, body], properties: { msgtype: { const: m.shout }, body: { type: string } } }
x-matrix-event-type: m.room.message
x-matrix-event-kind: message
`,
  );
  const { differences } = compareEvents(
    openSource(root),
    root,
    findComponents(root),
    (type) => type === "m.room.message",
  );
  const found = differences.map(kindOf);
  expect(found).toContain("m.room.message content(m.text) missing");
  expect(found).toContain("m.room.message content(m.emote).formatted_body missing");
  expect(found).toContain("m.room.message content(m.shout) extra");
});

test("errcodes: a lost code, a lost field, a lost version, and a code that nothing answers", async () => {
  for (const api of ["client-server", "identity"]) {
    await write(`${api}/openapi.yaml`, "paths: {}");
    await write(`${api}/common-errors.yaml`, "merged: []\nanywhere: [{ errcode: M_USER_LOCKED, status: 403 }]\n");
  }
  await write("shared/errors/M_USER_LOCKED.yaml", error("M_USER_LOCKED"));
  await write("shared/errors/M_SHOUTING.yaml", error("M_SHOUTING"));
  const found = compareErrcodes(openSource(root), root).map(kindOf);
  expect(found).toContain("M_UNKNOWN  undescribed");
  expect(found).toContain("M_USER_LOCKED  version");
  expect(found).toContain("M_USER_LOCKED soft_logout missing");
  expect(found).toContain("M_USER_LOCKED client-server.401 missing");
  expect(found).toContain("M_SHOUTING  extra");
});

test("access: schemes of another form, and what an application service may add to every request", async () => {
  await write(
    "client-server/openapi.yaml",
    `paths:
  /notes: { get: { operationId: getNotes, security: [{ accessTokenBearer: [] }] } }
components:
  parameters:
    AssertedDevice: { name: device_id, in: query, schema: { type: integer } }
  securitySchemes:
    accessTokenBearer: { type: http, scheme: basic }
`,
  );
  const source = openSource(root);
  const schemes = compareSecuritySchemes(source, "client-server").map(kindOf);
  expect(schemes).toContain("accessTokenBearer scheme value");
  expect(schemes).toContain("accessTokenQuery  undescribed");
  expect(compareCallerParameters(source).map(kindOf)).toEqual([
    "* parameters.query.user_id missing",
    "* parameters.query.device_id version",
    "* parameters.query.device_id type",
    "* parameters.query.device_id missing",
  ]);
});

function write(file: string, text: string): Promise<void> {
  const path = join(root, file);
  return mkdir(dirname(path), { recursive: true }).then(() => writeFile(path, text));
}

function roomName({ kind = "state", key = "empty", field = "name" }): string {
  return `type: object
required: [${field}]
properties: { ${field}: { type: string } }
x-matrix-event-type: m.room.name
x-matrix-event-kind: ${kind}
x-matrix-state-key: ${key}
`;
}

function error(errcode: string): string {
  return `type: object
required: [errcode, error]
properties: { errcode: { type: string, const: ${errcode} }, error: { type: string } }
`;
}

function kindOf({ where, at, kind }: Difference): string {
  return `${where} ${at} ${kind}`;
}
