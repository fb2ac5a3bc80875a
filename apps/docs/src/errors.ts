import type { ApiReference, DocumentedOperation } from "./api-reference.ts";
import { componentName, follow } from "./openapi.ts";
import type { Response, Schema, Versions } from "./openapi.ts";

/** An error code, and every operation and status that answers it. */
export interface ErrorCode {
  readonly errcode: string;
  readonly schema: Schema;
  readonly uses: readonly ErrorUse[];
}

export interface ErrorUse {
  readonly operation: DocumentedOperation;
  readonly status: string;
  /** Whether it is one of the codes that many operations share. */
  readonly common: boolean;
  /** Since when the operation answers it, where it has not done so from the start. */
  readonly versions: Versions;
}

/** Collects the error codes in use, sorted by name. */
export function collectErrors(apis: readonly ApiReference[]): readonly ErrorCode[] {
  const names = new Set(apis.flatMap((api) => Object.keys(api.document.components.schemas).filter(isErrcode)));
  return [...names].toSorted().map((errcode) => ({
    errcode,
    schema: schemaOf(apis, errcode),
    uses: apis.flatMap((api) => api.operations.flatMap((operation) => usesIn(operation, errcode))),
  }));
}

/** Whether a component is an error code: they are the only ones named in the grammar of the codes. */
export function isErrcode(name: string): boolean {
  return /^M_[A-Z0-9_]+$/.test(name);
}

/** What stands beside an error code where an operation lists it for a status. */
export function errcodeVersions({ api, operation }: DocumentedOperation, status: string, errcode: string): Versions {
  const response = operation.responses[status];
  const content = response === undefined ? undefined : follow<Response>(api.document, response).content;
  return find(content?.["application/json"]?.schema, errcode) ?? {};
}

function find(schema: Schema | undefined, errcode: string): Schema | undefined {
  if (schema === undefined) return undefined;
  if (componentName(schema) === errcode) return schema;
  return [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]
    .map((member) => find(member, errcode))
    .find((found) => found !== undefined);
}

function usesIn(operation: DocumentedOperation, errcode: string): ErrorUse[] {
  const { errcodes, commonErrcodes } = operation.descriptor;
  const own = Object.keys(errcodes).filter((status) => errcodes[status]?.includes(errcode));
  const shared = Object.keys(commonErrcodes).filter(
    (status) => commonErrcodes[status]?.includes(errcode) && !own.includes(status),
  );
  const use = (status: string, common: boolean) => ({
    operation,
    status,
    common,
    versions: errcodeVersions(operation, status, errcode),
  });
  return [...own.map((status) => use(status, false)), ...shared.map((status) => use(status, true))];
}

function schemaOf(apis: readonly ApiReference[], errcode: string): Schema {
  const schema = apis.map((api) => api.document.components.schemas[errcode]).find((found) => found !== undefined);
  if (schema === undefined) throw new Error(`No bundle has a schema for ${errcode}.`);
  return schema;
}
