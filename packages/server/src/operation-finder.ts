import type { OperationDescriptor } from "@matrix-openapi/definitions";
import type { ApiDescription } from "./description.ts";
import { createRouter, malformedPath } from "./router.ts";

/** Tells which operation a request is for, by the routing that serves it: for what stands in front of an API. */
export function operationFinder({ operations }: Pick<ApiDescription, "operations">) {
  const find = createRouter(
    Object.values(operations).map((target) => ({ method: target.method, path: target.path, target })),
  );
  return (method: string, rawPath: string): OperationDescriptor | undefined => {
    const match = find(rawPath);
    return match === malformedPath ? undefined : match?.methods.get(method === "HEAD" ? "GET" : method);
  };
}
