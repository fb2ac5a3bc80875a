import { globSync } from "node:fs";
import { basename } from "node:path";
import { answeredErrcodes } from "./answered-errcodes.ts";
import { compareSchemas } from "./compare-schemas.ts";
import type { Difference, Finding } from "./difference.ts";
import { errcodeVersions } from "./errcode-versions.ts";
import { type ErrcodeFacts, type FieldFacts, readFacts } from "./facts.ts";
import type { Schema } from "./schema.ts";
import type { Source } from "./source.ts";

const apis = ["client-server", "identity"] as const;

/** Every code has a file with its extra fields, and an operation that answers it. */
export function compareErrcodes(source: Source, root: string): Difference[] {
  const { errcodes } = readFacts("errcodes");
  const files = globSync("shared/errors/M_*.yaml", { cwd: root }).map((file) => basename(file, ".yaml"));
  const answered = new Map(apis.map((api) => [api, answeredErrcodes(source, api)]));
  const known = new Set(errcodes.map(({ errcode }) => errcode));
  return [
    ...errcodes.flatMap((facts) => compareErrcode(facts).map((finding) => difference(facts.errcode, finding))),
    ...files
      .filter((file) => !known.has(file))
      .map((file) => difference(file, { at: "", kind: "extra", upstream: "absent", ours: "an errcode" })),
  ];

  function compareErrcode(facts: ErrcodeFacts): Finding[] {
    const { errcode } = facts;
    if (!files.includes(errcode)) return [{ at: "", kind: "undescribed", upstream: "an errcode", ours: "absent" }];
    const ours: Schema = { $ref: `${root}/shared/errors/${errcode}.yaml` };
    return [...unanswered(facts), ...compareSchemas(errorFacts(facts), [ours], { at: "", follow: source.follow })];
  }

  function* unanswered({ errcode, ...facts }: ErrcodeFacts): Iterable<Finding> {
    for (const api of facts.apis) {
      const statuses = answered.get(api)?.get(errcode);
      if (!statuses) yield { at: api, kind: "missing", upstream: "an errcode of this API", ours: "answered nowhere" };
      for (const status of facts[api]?.statusesInText ?? []) {
        if (statuses && !statuses.has(status)) {
          yield { at: `${api}.${status}`, kind: "missing", upstream: status, ours: [...statuses].join(", ") };
        }
      }
    }
  }
}

/** The text makes `error` a must in every error, whatever the schemas have. */
function errorFacts({ errcode, ...facts }: ErrcodeFacts): Schema {
  const fields: Readonly<Record<string, FieldFacts>> = {
    errcode: { type: "string", const: errcode, required: true },
    error: { type: "string", required: true },
    ...facts["client-server"]?.extraFields,
    ...facts.identity?.extraFields,
  };
  const schemas = Object.entries(fields).map(([name, { required: _required, ...schema }]) => [name, schema]);
  const addedIn = errcodeVersions("client-server").get(errcode);
  return {
    type: "object",
    properties: Object.fromEntries(schemas),
    required: Object.keys(fields).filter((name) => fields[name]?.required === true),
    ...(addedIn === undefined ? {} : { addedIn }),
  };
}

function difference(where: string, finding: Finding): Difference {
  return { api: "errcodes", where, ...finding };
}
