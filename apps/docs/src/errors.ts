import type { ApiReference, DocumentedOperation } from "./api-reference.ts";
import type { Schema } from "./openapi.ts";

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

function usesIn(operation: DocumentedOperation, errcode: string): ErrorUse[] {
  const { errcodes, commonErrcodes } = operation.descriptor;
  const own = Object.keys(errcodes).filter((status) => errcodes[status]?.includes(errcode));
  const shared = Object.keys(commonErrcodes).filter(
    (status) => commonErrcodes[status]?.includes(errcode) && !own.includes(status),
  );
  return [
    ...own.map((status) => ({ operation, status, common: false })),
    ...shared.map((status) => ({ operation, status, common: true })),
  ];
}

function schemaOf(apis: readonly ApiReference[], errcode: string): Schema {
  const schema = apis.map((api) => api.document.components.schemas[errcode]).find((found) => found !== undefined);
  if (schema === undefined) throw new Error(`No bundle has a schema for ${errcode}.`);
  return schema;
}
