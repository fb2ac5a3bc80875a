import { branchesOf } from "./branches.ts";
import { compareSchemas } from "./compare-schemas.ts";
import type { Components } from "./components.ts";
import { constantOf } from "./constant-of.ts";
import type { Difference, Finding, Subject } from "./difference.ts";
import { readFacts, type RelationFacts } from "./facts.ts";
import type { Follow, Schema } from "./schema.ts";
import { viewOf } from "./view.ts";

/** The schemas that the text shows on their own, and what we call them. */
const names = {
  "client-server": {
    key_backup_auth_data: "KeyBackupAuthData",
    key_backup_session_data: "BackedUpSessionData",
    "m.login.terms_params": "TermsParams",
    "m.oauth_params": "OAuthParams",
    megolm_export_session_data: "ExportedSessionData",
    "oauth2-account-management-server-metadata": "AuthorizationServerMetadata",
    "oauth2-account-management-url": "AccountManagementParameters",
    "oauth2-client-metadata": "OAuthClientMetadata",
    sso_login_flow: "LoginFlow",
  },
  events: {
    event: "Event",
    room_event: "ClientEvent",
    state_event: "StateEvent",
    stripped_state: "StrippedStateEvent",
    sync_room_event: "ClientEventWithoutRoomId",
    sync_state_event: "StateEventWithoutRoomId",
    unsigned_prop: "UnsignedData",
    client_event: "ClientEvent",
    encrypted_file: "EncryptedFile",
    "m.mentions": "Mentions",
    "m.relates_to": "OtherRelation",
    olm_payload: "OlmPayload",
    room_key_bundle: "RoomKeyBundle",
  },
} as const;

/** Schemas that stand on their own in the text. `call_event` is what the contents of all m.call events repeat. */
export function compareDefinitions(
  api: "client-server" | "events",
  components: Components,
  follow: Follow,
): Difference[] {
  const { formats, definitions } = readFacts("events");
  const facts = api === "events" ? { ...formats, ...definitions } : (readFacts(api).definitions ?? {});
  const named: Readonly<Record<string, string>> = names[api];
  return Object.entries(facts)
    .filter(([name]) => name !== "call_event")
    .flatMap(([name, fact]) => {
      const ours = named[name];
      const schema = ours === undefined ? undefined : components.find(ours);
      if (!schema) return [undescribed(api, name, ours)];
      return compareSchemas(fact, [schema], { at: "", follow }).map((finding) => ({ api, where: name, ...finding }));
    });
}

/** How events refer to others, and how the server sums that up. */
export function compareRelations(components: Components, follow: Follow): Difference[] {
  const { relations, definitions } = readFacts("events");
  const [union, bundles, message] = ["MessageRelation", "BundledAggregations", "m.room.message"].map(components.find);
  if (!union || !bundles || !message)
    return [undescribed("events", "relations", "MessageRelation, BundledAggregations")];
  const branches = branchesOf(union, follow);
  const bundled = viewOf(branchesOf(bundles, follow)).fields;
  return relations.flatMap((relation) => {
    const where = relation.relType ?? "m.in_reply_to";
    const branch = branches.find(
      (one) =>
        constantOf(one, "rel_type", follow) === (relation.relType ?? undefined) &&
        Object.keys(relation.relatesTo ?? {}).every((name) => one.properties?.[name]),
    );
    if (!branch) return [undescribed("events", where, "a relation")];
    const content: Schema = {
      type: "object",
      properties: relation.content ?? {},
      requiredSometimes: relation.requiredContent ?? [],
    };
    const findings: Finding[] = [
      ...compareSchemas(relatesTo(relation, definitions["m.relates_to"]), [branch], { at: "m.relates_to", follow }),
      ...compareSchemas(content, [message], { at: "content", follow, since: relation.addedIn, ignoreExtra: true }),
      ...compareBundle(relation, bundled.get(where), follow),
    ];
    return findings.map((finding) => ({ api: "events", where, ...finding }));
  });
}

function relatesTo({ relType, addedIn, relatesTo: own }: RelationFacts, form: Schema = {}): Schema {
  const general = relType === null ? {} : form;
  return {
    ...general,
    type: "object",
    properties: { ...general.properties, ...own },
    ...(addedIn === undefined ? {} : { addedIn }),
  };
}

function compareBundle(
  { bundled, addedIn }: RelationFacts,
  ours: readonly Schema[] | undefined,
  follow: Follow,
): Finding[] {
  const at = "m.relations";
  if (!bundled) return ours ? [{ at, kind: "extra", upstream: "not bundled", ours: "bundled" }] : [];
  if (!ours) return [{ at, kind: "missing", upstream: "bundled", ours: "not bundled" }];
  return compareSchemas({ ...opened(bundled), ...(addedIn ? { addedIn } : {}) }, ours, { at, follow });
}

/** An event within a bundle is compared where it is defined. */
function opened(schema: Schema & { readonly schema?: string }): Schema {
  if (schema.schema !== undefined) return { type: "object" };
  const properties = Object.entries(schema.properties ?? {}).map(([name, field]) => [name, opened(field)]);
  return { ...schema, properties: Object.fromEntries(properties) };
}

function undescribed(api: Subject, where: string, upstream = "a schema"): Difference {
  return { api, where, at: "", kind: "undescribed", upstream, ours: "absent" };
}
