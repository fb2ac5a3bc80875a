import { commonErrcodes } from "./common-errors.ts";
import { compareOperation } from "./compare-operations.ts";
import type { Context } from "./compare-responses.ts";
import type { Difference, Finding } from "./difference.ts";
import { errcodeVersions } from "./errcode-versions.ts";
import { type Api, type OperationFacts, type ProseEndpoint, readFacts } from "./facts.ts";
import { methodOf, methods, readOperation, type Root } from "./operation.ts";
import { operationFacts } from "./operation-facts.ts";
import { type Source, UnreadableError } from "./source.ts";

/** What was compared, and on what it does not agree. */
export interface Comparison {
  readonly compared: number;
  readonly differences: readonly Difference[];
}

/** Every operation of an API that `wanted` lets through, in both directions. */
export function compareApi(source: Source, api: Api, wanted: (operation: OperationFacts) => boolean): Comparison {
  const facts = readFacts(api);
  const { paths = {} } = source.read<Root>(`${api}/openapi.yaml`);
  const context: Context = {
    follow: source.follow,
    commonErrcodes: (operation, status) => commonErrcodes(source, api, operation, status),
    errcodeVersions: errcodeVersions(api),
  };
  const operations = [...operationFacts(api, facts), ...facts.proseOnlyEndpoints.map(asOperation)];
  const known = new Set(operations.map(({ method, path }) => `${method} ${path}`));
  const unknown = Object.keys(paths).flatMap((path) =>
    methods.filter((method) => !known.has(`${method} ${path}`)).map((method) => ({ method, path })),
  );
  const chosen = operations
    .map((operation) => ({ ...operation, operationId: operation.operationId || idOf(operation) || operation.path }))
    .filter(wanted);
  const differences = [
    ...chosen.flatMap((operation) =>
      compareOne(operation).map((finding) => ({ api, where: operation.operationId, ...finding })),
    ),
    ...unknown.filter(idOf).map((endpoint) => ({
      api,
      where: idOf(endpoint),
      at: "",
      kind: "extra" as const,
      upstream: "absent",
      ours: `${endpoint.method} ${endpoint.path}`,
    })),
  ];
  return { compared: chosen.length, differences };

  function compareOne(operation: OperationFacts): Finding[] {
    const item = paths[operation.path];
    const upstream = `${operation.method} ${operation.path}`;
    try {
      const ours = item && readOperation(source, item, operation.method);
      if (ours) return compareOperation(operation, ours, context);
      return [{ at: "", kind: "undescribed", upstream, ours: "absent" }];
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      return [{ at: "", kind: "unreadable", upstream, ours: error.message }];
    }
  }

  function idOf({ method, path }: { method: string; path: string }): string {
    try {
      const item = paths[path];
      return (item && methodOf(source.follow(item), method)?.operationId) ?? "";
    } catch {
      return ""; // reported where the operation is compared
    }
  }
}

/** The text gives these pages no operationId and no tag, so ours are taken as they are. */
function asOperation({ method, path, params, contentType }: ProseEndpoint): OperationFacts {
  return {
    operationId: "",
    method,
    path,
    params,
    deprecated: false,
    auth: { mode: "none" },
    responses: { "200": { content: { [contentType]: {} } } },
  };
}
