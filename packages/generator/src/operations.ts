import { resolve, type OpenApiDocument, type Operation, type Parameter } from "./document.ts";

/** One operation with what its path adds to it. */
export interface LocatedOperation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  /** Its own and its path's parameters, references followed. */
  readonly parameters: readonly Parameter[];
}

const methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"] as const;

/** Every operation of a document, in the order it is written. */
export function operationsOf(document: OpenApiDocument): LocatedOperation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method] as Operation | undefined; // OpenAPI has operations under these keys
      if (operation === undefined) return [];
      return [
        {
          operationId: operation.operationId ?? "",
          method: method.toUpperCase(),
          path,
          operation,
          parameters: allParameters(document, item.parameters ?? [], operation.parameters ?? []),
        },
      ];
    }),
  );
}

/** An operation's parameter replaces its path's of the same name and place (OpenAPI 3.1, "Operation Object"). */
function allParameters(
  document: OpenApiDocument,
  ofPath: NonNullable<Operation["parameters"]>,
  ofOperation: NonNullable<Operation["parameters"]>,
): Parameter[] {
  const byPlace = new Map<string, Parameter>();
  for (const entry of [...ofPath, ...ofOperation]) {
    const parameter = resolve(document, entry);
    byPlace.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  return [...byPlace.values()];
}
