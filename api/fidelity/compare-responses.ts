import { branchesOf } from "./branches.ts";
import { compareSchemas } from "./compare-schemas.ts";
import { constantOf } from "./constant-of.ts";
import type { Finding } from "./difference.ts";
import type { OperationFacts, ResponseFacts } from "./facts.ts";
import type { Operation, Response } from "./operation.ts";
import { ourSchema } from "./parameter-schema.ts";
import type { Follow } from "./schema.ts";

/** What comparing an operation takes besides the operation. */
export interface Context {
  readonly follow: Follow;
  /** What common-errors.yaml adds to a status of an operation. */
  readonly commonErrcodes: (operation: Operation, status: string) => readonly string[];
  /** Since when a code exists, where that is not said at each operation. */
  readonly errcodeVersions: ReadonlyMap<string, string>;
}

/** Statuses, headers, bodies and errcodes. */
export function* compareResponses(facts: OperationFacts, ours: Operation, context: Context): Iterable<Finding> {
  for (const [status, response] of Object.entries(facts.responses)) {
    const at = `responses.${status}`;
    const mine = ours.responses[status];
    const common = context.commonErrcodes(ours, status);
    const codes = response.errcodes ?? [];
    if (!mine && !(codes.length > 0 && codes.every((code) => common.includes(code)))) {
      yield { at, kind: "missing", upstream: codes.join(", ") || "a response", ours: "absent" };
      continue;
    }
    yield* compareErrcodes(at, response, mine, common, context);
    if (!mine) continue;
    yield* compareHeaders(at, response, mine, context.follow, facts.addedIn);
    yield* compareContent(status, response, mine, context.follow, facts);
  }
  for (const [status, response] of Object.entries(ours.responses)) {
    if (facts.responses[status]) continue;
    const [at, upstream] = [`responses.${status}`, "no such status"];
    const codes = errorsOf(response, context.follow).map(([code]) => code);
    for (const code of codes) yield { at: `${at}.${code}`, kind: "extra", upstream, ours: code };
    if (codes.length === 0) yield { at, kind: "extra", upstream, ours: "a response" };
  }
}

function* compareErrcodes(
  at: string,
  facts: ResponseFacts,
  ours: Response | undefined,
  common: readonly string[],
  { follow, errcodeVersions }: Context,
): Iterable<Finding> {
  const own = new Map(errorsOf(ours, follow));
  for (const code of facts.errcodes ?? []) {
    const version = facts.errcodesAddedIn?.[code] ?? errcodeVersions.get(code);
    if (own.has(code)) {
      const here = own.get(code);
      if (version !== here) {
        yield {
          at: `${at}.${code}`,
          kind: "version",
          upstream: `addedIn ${version ?? "absent"}`,
          ours: `addedIn ${here ?? "absent"}`,
        };
      }
    } else if (!common.includes(code)) {
      yield { at: `${at}.${code}`, kind: "missing", upstream: code, ours: [...own.keys()].join(", ") || "no code" };
    }
  }
  for (const code of own.keys()) {
    if (facts.errcodes?.includes(code) || common.includes(code)) continue;
    yield { at: `${at}.${code}`, kind: "extra", upstream: facts.errcodes?.join(", ") || "no code", ours: code };
  }
}

function* compareHeaders(
  at: string,
  facts: ResponseFacts,
  ours: Response,
  follow: Follow,
  since: string | undefined,
): Iterable<Finding> {
  for (const [name, { required = false, ...schema }] of Object.entries(facts.headers ?? {})) {
    const place = `${at}.headers.${name}`;
    const mine = ours.headers[name];
    if (!mine) {
      yield { at: place, kind: "missing", upstream: "a header", ours: "absent" };
      continue;
    }
    const here = mine.required ?? false;
    if (required !== here) yield { at: place, kind: "required", upstream: `${required}`, ours: `${here}` };
    yield* compareSchemas(schema, [ourSchema(mine)], { at: place, follow, since });
  }
  for (const name of Object.keys(ours.headers)) {
    if (!facts.headers?.[name])
      yield { at: `${at}.headers.${name}`, kind: "extra", upstream: "absent", ours: "a header" };
  }
}

function* compareContent(
  status: string,
  facts: ResponseFacts,
  ours: Response,
  follow: Follow,
  { addedIn: since }: OperationFacts,
): Iterable<Finding> {
  const at = `responses.${status}`;
  const isError = /^[45]/.test(status);
  for (const [type, fact] of Object.entries(facts.content ?? {})) {
    const mine = ours.content[type];
    if (!mine) {
      yield {
        at: `${at}.${type}`,
        kind: "missing",
        upstream: type,
        ours: Object.keys(ours.content).join(", ") || "no body",
      };
    } else if (type === "application/json") {
      // What an error has beside its code is compared once, for the code.
      const ignoreExtra = isError && !facts.authentication;
      const found = compareSchemas(fact, [mine.schema ?? {}], { at: `${at}.body`, follow, since, ignoreExtra });
      // A version beside an error is the version of its code.
      yield* isError ? found.filter((finding) => finding.at !== `${at}.body` || finding.kind !== "version") : found;
    }
  }
  for (const type of Object.keys(ours.content)) {
    // An error that upstream documents without a body has its code as the difference.
    if (facts.content?.[type] || (isError && type === "application/json")) continue;
    yield {
      at: `${at}.${type}`,
      kind: "extra",
      upstream: Object.keys(facts.content ?? {}).join(", ") || "no body",
      ours: type,
    };
  }
}

/** Each errcode of a response, with its version. */
export function errorsOf(
  response: Response | undefined,
  follow: Follow,
): [errcode: string, addedIn: string | undefined][] {
  const schema = response?.content["application/json"]?.schema;
  return (schema ? branchesOf(schema, follow) : []).flatMap((branch) => {
    const code = constantOf(branch, "errcode", follow);
    return typeof code === "string" ? [[code, branch["x-addedInMatrixVersion"]]] : [];
  });
}
