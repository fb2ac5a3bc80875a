import { compareResponses, type Context } from "./compare-responses.ts";
import { compareSchemas } from "./compare-schemas.ts";
import type { Finding } from "./difference.ts";
import type { OperationFacts, ParameterFacts } from "./facts.ts";
import type { Operation } from "./operation.ts";
import { ourSchema } from "./parameter-schema.ts";
import type { Schema } from "./schema.ts";

/** Everything on which an operation of ours and the facts' do not agree. */
export function compareOperation(facts: OperationFacts, ours: Operation, context: Context): Finding[] {
  return [
    ...compareTraits(facts, ours),
    ...compareParameters(facts, ours, context),
    ...compareRequestBody(facts, ours, context),
    ...compareResponses(facts, ours, context),
  ];
}

function* compareTraits(facts: OperationFacts, ours: Operation): Iterable<Finding> {
  const { mode, schemes = [] } = facts.auth;
  // Upstream leaves some operations without a tag; ours each have their place in the navigation.
  const tags = facts.tags?.length ? facts.tags : ours.tags;
  const traits: [at: string, upstream: string, ours: string, kind?: Finding["kind"]][] = [
    ["operationId", facts.operationId, ours.operationId],
    ["tags", tags.join(", "), ours.tags.join(", ")],
    ["deprecated", String(facts.deprecated), String(ours.deprecated)],
    ["auth", [mode, ...schemes.toSorted()].join(" "), [ours.auth.mode, ...ours.auth.schemes].join(" ")],
    ["uia", String(facts.uia === true || facts.uiaUndocumented !== undefined), String(ours.uia)],
    ["guestAllowed", String(facts.guestAllowed ?? false), String(ours.guest ?? false)],
    ["addedIn", facts.addedIn ?? "absent", ours.addedIn ?? "absent", "version"],
    ["changedIn", facts.changedIn?.join(", ") ?? "absent", ours.changedIn.join(", ") || "absent", "version"],
  ];
  for (const [at, upstream, mine, kind = "value"] of traits) {
    if (upstream !== mine) yield { at, kind, upstream, ours: mine };
  }
}

function* compareParameters(facts: OperationFacts, ours: Operation, { follow }: Context): Iterable<Finding> {
  const place = (parameter: { in: string; name: string }) => `parameters.${parameter.in}.${parameter.name}`;
  const own = new Map(ours.parameters.map((parameter) => [place(parameter), parameter]));
  for (const parameter of facts.params) {
    const at = place(parameter);
    const mine = own.get(at);
    if (!mine) {
      const since = parameter.addedIn === undefined ? "" : ` (addedIn ${parameter.addedIn})`;
      yield { at, kind: "missing", upstream: `${String(parameter.type ?? "any")}${since}`, ours: "absent" };
      continue;
    }
    own.delete(at);
    const [required, requiredHere] = [parameter.required ?? false, mine.required ?? false];
    if (required !== requiredHere) yield { at, kind: "required", upstream: `${required}`, ours: `${requiredHere}` };
    yield* compareSchemas(factSchema(parameter), [ourSchema(mine)], { at, follow, since: facts.addedIn });
  }
  for (const at of own.keys()) yield { at, kind: "extra", upstream: "absent", ours: "a parameter" };
}

function* compareRequestBody(facts: OperationFacts, ours: Operation, { follow }: Context): Iterable<Finding> {
  const [body, own] = [facts.requestBody, ours.requestBody];
  const at = "requestBody";
  if (body && !own) yield { at, kind: "missing", upstream: Object.keys(body.content).join(", "), ours: "absent" };
  if (!body && own) yield { at, kind: "extra", upstream: "absent", ours: Object.keys(own.content).join(", ") };
  if (!body || !own) return;
  if (body.required !== own.required)
    yield { at, kind: "required", upstream: `${body.required}`, ours: `${own.required}` };
  for (const [type, fact] of Object.entries(body.content)) {
    const mine = own.content[type];
    if (!mine)
      yield { at: `${at}.${type}`, kind: "missing", upstream: type, ours: Object.keys(own.content).join(", ") };
    else if (type === "application/json") {
      yield* compareSchemas(fact, [mine.schema ?? {}], { at, follow, since: facts.addedIn });
    }
  }
  for (const type of Object.keys(own.content)) {
    if (!body.content[type]) yield { at: `${at}.${type}`, kind: "extra", upstream: "absent", ours: type };
  }
}

function factSchema({ name: _name, in: _in, required: _required, ...schema }: ParameterFacts): Schema {
  return schema;
}
