import { branchesOf } from "./branches.ts";
import { compareSchemas, type Place } from "./compare-schemas.ts";
import type { Components } from "./components.ts";
import { constantOf } from "./constant-of.ts";
import type { Difference, Finding } from "./difference.ts";
import { type AuthTypeFacts, type ListedField, readFacts } from "./facts.ts";
import type { Follow, Schema } from "./schema.ts";
import { viewOf } from "./view.ts";

/** User-interactive authentication, the ways to log in and the ways to name a user, type by type. */
export function compareUia(components: Components, follow: Follow): Difference[] {
  const { authTypes, authResponse, retryExtraFields, identifierTypes, loginTypes } = readFacts("uia");
  const branches = (name: string) => branchesOf(component(name), follow);
  const challenge = {
    ...authResponse,
    properties: { ...authResponse.properties, ...asObject(retryExtraFields).properties },
  };
  const { fields: params } = viewOf(branches("AuthenticationParams"));
  return [
    ...found(
      "authResponse",
      compareSchemas(challenge, [component("UserInteractiveAuthChallenge")], { at: "", follow }),
    ),
    ...authTypes.flatMap((facts) => [
      ...found(facts.type, compareAttempt(facts, branches("AuthenticationData"), follow)),
      ...found(facts.type, compareParams(facts, params.get(facts.type), follow)),
    ]),
    ...identifierTypes.flatMap(({ type, fields }) =>
      found(type, compareForm(type, asObject(fields), branches("UserIdentifier"), { at: "identifier", follow })),
    ),
    ...loginTypes.flatMap(({ type, addedIn, request, flow }) => {
      const version = addedIn === undefined ? {} : { addedIn };
      const form = { ...asObject(request ?? []), ...version };
      const place = { at: "login", follow, ignoreExtra: true };
      return [
        ...found(type, request ? compareForm(type, form, branches("LoginRequest"), place) : []),
        ...found(type, flow ? compareSchemas(asObject(flow), [component("LoginFlow")], { ...place, at: "flow" }) : []),
      ];
    }),
  ];

  function component(name: string): Schema {
    const schema = components.find(name);
    if (!schema) throw new Error(`There is no schema ${name}, which uia.json is compared with.`);
    return schema;
  }
}

function compareAttempt(
  { type, auth, addedIn }: AuthTypeFacts,
  branches: readonly Schema[],
  follow: Follow,
): Finding[] {
  const fact = { ...asObject(auth), ...(addedIn === undefined ? {} : { addedIn }) };
  // What a browser has done is reported by the session alone, whatever it was.
  const sessionOnly = !fact.properties?.["type"];
  if (!sessionOnly) return compareForm(type, fact, branches, { at: "auth", follow });
  const ours = branches.filter((branch) => constantOf(branch, "type", follow) === undefined);
  return compareSchemas(asObject(auth), ours, { at: "auth", follow, ignoreExtra: true });
}

function compareParams(
  { params, addedIn }: AuthTypeFacts,
  ours: readonly Schema[] | undefined,
  follow: Follow,
): Finding[] {
  const at = "params";
  if (!params) return ours ? [{ at, kind: "extra", upstream: "none", ours: "described" }] : [];
  if (!ours) return [{ at, kind: "missing", upstream: "an object", ours: "absent" }];
  return compareSchemas({ ...params, ...(addedIn === undefined ? {} : { addedIn }) }, ours, { at, follow });
}

/** Compares with that one of several forms that is told apart by its `type`. */
function compareForm(type: string, fact: Schema, branches: readonly Schema[], place: Place): Finding[] {
  const ours = branches.filter((branch) => constantOf(branch, "type", place.follow) === type);
  if (ours.length === 0) return [{ at: place.at, kind: "missing", upstream: type, ours: "absent" }];
  return compareSchemas(fact, ours, place);
}

function asObject(fields: readonly ListedField[]): Schema {
  const schemas = fields.map(({ name, required: _required, fields: inner, ...schema }) => [
    name,
    inner ? { ...schema, ...asObject(inner) } : schema,
  ]);
  return {
    type: "object",
    properties: Object.fromEntries(schemas),
    required: fields.filter(({ required }) => required === true).map(({ name }) => name),
    requiredSometimes: fields.filter(({ required }) => required === "whenIssued").map(({ name }) => name),
  };
}

function found(where: string, findings: readonly Finding[]): Difference[] {
  return findings.map((finding) => ({ api: "uia", where, ...finding }));
}
