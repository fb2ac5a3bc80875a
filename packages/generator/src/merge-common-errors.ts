import type { CommonErrorList, Condition } from "./common-errors.ts";
import { resolve, type OpenApiDocument, type Operation, type Response, type Schema } from "./document.ts";
import { addErrorSchemas, errcodesOf, schemaRef } from "./error-schemas.ts";
import { GenerationError } from "./generation-error.ts";
import { operationsOf, type LocatedOperation } from "./operations.ts";
import { securityMode } from "./security.ts";

/** By operationId, then status. */
export type ErrcodesByOperation = ReadonlyMap<string, Readonly<Record<string, readonly string[]>>>;

/** A document in which every operation lists its common errors too, and which codes came to it that way. */
export interface MergedDocument {
  readonly document: OpenApiDocument;
  readonly commonErrcodes: ErrcodesByOperation;
}

/** Writes the common errors out at each operation they apply to, as if they had been typed there. */
export async function mergeCommonErrors(bundled: OpenApiDocument, common: CommonErrorList): Promise<MergedDocument> {
  const listed = [...common.merged, ...common.anywhere].map(({ errcode }) => errcode);
  const document = structuredClone(await addErrorSchemas(bundled, new Set(listed), common.file));
  const operations = operationsOf(document);
  refuseUnknownExceptions(common, new Set(operations.map(({ operationId }) => operationId)));

  const commonErrcodes = new Map<string, Record<string, string[]>>();
  for (const located of operations) {
    const added: Record<string, string[]> = {};
    for (const { errcode, status, when, except } of common.merged) {
      if (except.includes(located.operationId) || !applies[when](located, document)) continue;
      if (ownErrcodes(document, located.operation, status).includes(errcode)) continue;
      const codes = (added[status] ??= []);
      // Two entries may name the same code for different reasons.
      if (!codes.includes(errcode)) codes.push(errcode);
    }
    for (const [status, codes] of Object.entries(added)) addCodes(document, located.operation, status, codes);
    commonErrcodes.set(located.operationId, added);
  }
  return { document, commonErrcodes };
}

const applies: Record<Condition, (located: LocatedOperation, document: OpenApiDocument) => boolean> = {
  always: () => true,
  "json-body": ({ operation }, document) =>
    operation.requestBody !== undefined &&
    Object.hasOwn(resolve(document, operation.requestBody).content, "application/json"),
  authenticated: ({ operation }, document) => securityMode(document, operation) === "required",
  "token-accepted": ({ operation }, document) => securityMode(document, operation) !== "none",
  "guest-forbidden": ({ operation }, document) =>
    securityMode(document, operation) !== "none" && operation["x-matrix-guest"] !== true,
  parameters: ({ parameters }) => parameters.some((parameter) => parameter.in === "path" || parameter.in === "query"),
  "required-query": ({ parameters }) =>
    parameters.some((parameter) => parameter.in === "query" && parameter.required === true),
};

function ownErrcodes(document: OpenApiDocument, operation: Operation, status: string): string[] {
  const response = operation.responses?.[status];
  const schema = response && resolve(document, response).content?.["application/json"]?.schema;
  return schema === undefined ? [] : errcodesOf(document, schema);
}

function addCodes(document: OpenApiDocument, operation: Operation, status: string, codes: readonly string[]): void {
  const refs = codes.map((code): Schema => ({ $ref: schemaRef(code) }));
  const written = operation.responses?.[status];
  const response: Response =
    written === undefined ? { description: "An error that many operations share." } : resolve(document, written);
  const json = response.content?.["application/json"];
  operation.responses = sortStatuses({
    ...operation.responses,
    [status]: {
      ...response,
      content: { ...response.content, "application/json": { ...json, schema: union(document, json?.schema, refs) } },
    },
  });
}

/** Errors join a union told apart by errcode; beside anything else, such as the challenge of user-interactive authentication, they are an alternative of their own. */
function union(document: OpenApiDocument, written: Schema | undefined, added: readonly Schema[]): Schema {
  if (written === undefined) return oneOf(added);
  const branches = written.oneOf ?? [written];
  const allErrors = branches.every((branch) => errcodesOf(document, branch).length > 0);
  return allErrors ? oneOf([...branches, ...added]) : { anyOf: [written, oneOf(added)] };
}

function oneOf(branches: readonly Schema[]): Schema {
  const [only] = branches;
  return branches.length === 1 && only !== undefined ? only : { oneOf: [...branches] };
}

function sortStatuses<T>(responses: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(responses).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function refuseUnknownExceptions({ merged, file }: CommonErrorList, known: ReadonlySet<string>): void {
  const problems = merged.flatMap(({ errcode, except }) =>
    except
      .filter((operationId) => !known.has(operationId))
      .map((operationId) => ({
        file,
        message: `${errcode} excepts "${operationId}", and no operation has this operationId.`,
        hint: "Correct it, or take it off the list.",
      })),
  );
  if (problems.length > 0) throw new GenerationError(problems);
}
