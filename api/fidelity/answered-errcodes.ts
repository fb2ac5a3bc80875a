import { branchesOf } from "./branches.ts";
import { listedErrcodes } from "./common-errors.ts";
import type { Api } from "./facts.ts";
import { readOperations, type Response } from "./operation.ts";
import type { Follow } from "./schema.ts";
import type { Source } from "./source.ts";
import { viewOf } from "./view.ts";

/** Every code that some operation of an API answers, with its statuses. */
export function answeredErrcodes(source: Source, api: Api): Map<string, Set<string>> {
  const answered = new Map<string, Set<string>>();
  const add = (errcode: string, status: string) =>
    answered.set(errcode, (answered.get(errcode) ?? new Set<string>()).add(status));
  for (const [errcode, status] of listedErrcodes(source, api)) add(errcode, status);
  for (const { responses } of readOperations(source, api)) {
    for (const [status, response] of Object.entries(responses)) {
      for (const errcode of errcodesIn(response, source.follow)) add(errcode, status);
    }
  }
  return answered;
}

/** Errors by their one code, and the challenge of user-interactive authentication by all that it may carry. */
function errcodesIn({ content }: Response, follow: Follow): string[] {
  const schema = content["application/json"]?.schema;
  const { fields } = viewOf(schema ? branchesOf(schema, follow) : []);
  const { values } = viewOf((fields.get("errcode") ?? []).flatMap((errcode) => branchesOf(errcode, follow)));
  return [...(values ?? [])].map(String);
}
