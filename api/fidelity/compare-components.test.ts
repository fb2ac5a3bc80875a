import { join } from "node:path";
import { expect, test } from "vitest";
import { compareDefinitions, compareRelations } from "./compare-definitions.ts";
import { compareUia } from "./compare-uia.ts";
import { type Components, findComponents } from "./components.ts";
import type { Difference } from "./difference.ts";
import type { Schema } from "./schema.ts";
import { openSource } from "./source.ts";

const root = join(import.meta.dirname, "..");
const { follow } = openSource(root);
const components = findComponents(root);

const dummy: Schema = { type: "object", required: ["type"], properties: { type: { const: "m.login.dummy" } } };
const reference: Schema = { type: "object", properties: { rel_type: { const: "m.reference" } } };

test.each<[what: string, name: string, schema: Schema, found: string[]]>([
  [
    "authentication types",
    "AuthenticationData",
    dummy,
    ["m.login.password auth missing", "m.login.dummy auth.session missing"],
  ],
  [
    "their parameters",
    "AuthenticationParams",
    { type: "object" },
    ["m.login.terms params missing", "m.oauth params missing"],
  ],
  [
    "the challenge",
    "UserInteractiveAuthChallenge",
    { type: "object" },
    ["authResponse flows missing", "authResponse errcode missing"],
  ],
  ["ways to name a user", "UserIdentifier", { type: "object" }, ["m.id.user identifier missing"]],
  ["login types", "LoginRequest", dummy, ["m.login.token login missing"]],
])("authentication: %s", (_, name, schema, found) => {
  expect(compareUia(replacing(name, schema), follow).map(kindOf)).toEqual(expect.arrayContaining(found));
});

test.each<[what: string, name: string, schema: Schema, found: string[]]>([
  ["types", "MessageRelation", reference, ["m.thread  undescribed", "m.reference m.relates_to.event_id missing"]],
  ["sums", "BundledAggregations", { type: "object" }, ["m.thread m.relations missing"]],
  ["content", "m.room.message", { type: "object" }, ["m.replace content.m.new_content missing"]],
])("relations: %s", (_, name, schema, found) => {
  expect(compareRelations(replacing(name, schema), follow).map(kindOf)).toEqual(expect.arrayContaining(found));
});

test("definitions: one that is lost, and one that has lost a field", () => {
  const lost: Components = { find: (name) => (name === "EncryptedFile" ? undefined : components.find(name)) };
  expect(compareDefinitions("events", lost, follow).map(kindOf)).toContain("encrypted_file  undescribed");
  const emptied = replacing("ExportedSessionData", { type: "object" });
  expect(compareDefinitions("client-server", emptied, follow).map(kindOf)).toContain(
    "megolm_export_session_data session_key missing",
  );
});

/** The components of the description, but one. */
function replacing(replaced: string, schema: Schema): Components {
  return { find: (name) => (name === replaced ? schema : components.find(name)) };
}

function kindOf({ where, at, kind }: Difference): string {
  return `${where} ${at} ${kind}`;
}
