import type { paths } from "@matrix-openapi/definitions/client-server";
import { pagination } from "@matrix-openapi/definitions/client-server/pagination";
import type { Init, Method, OperationAt } from "./call.ts";
import type { MatrixClient, MatrixCommonErrors } from "./matrix-client.ts";
import type { Result } from "./result.ts";

/** The method and path of an operation that answers page by page. */
export type PaginatedOperation = keyof typeof pagination;

/**
 * Calls an operation page by page, from the token that `init` has or else from the start, and gives the result of each
 * call. The last is the page without a token for a next one, the page with a token that has been sent before (some
 * servers repeat the last one for ever), or the first result that is not ok. The next page is asked for once the loop
 * asks for it, so that leaving the loop ends it.
 * https://spec.matrix.org/v1.19/appendices/#pagination
 */
export async function* paginate<Key extends PaginatedOperation>(
  client: MatrixClient,
  operation: Key,
  ...[init]: Init<PaginatedAt<Key>, never>
): AsyncGenerator<Result<PaginatedAt<Key>["responses"], MatrixCommonErrors>, void, undefined> {
  const { request, response } = pagination[operation];
  const [method, path] = operation.split(" ") as ["GET" | "POST", string]; // as the keys of the table are written
  const call = client[method] as unknown as PageCall; // the table says which paths have which method
  const sent = new Set<unknown>();
  for (let next: PageInit | undefined = init; ;) {
    sent.add(tokenOf(method, next, request));
    const result = await call(path, next);
    yield result as Result<PaginatedAt<Key>["responses"], MatrixCommonErrors>; // typed by the same path and method
    const token = result.ok ? result.data[response] : undefined;
    if (typeof token !== "string" || token === "" || sent.has(token)) return;
    next = withToken(method, next, request, token);
  }
}

type PaginatedAt<Key> = Key extends `${infer M} ${infer Path extends keyof paths & string}`
  ? OperationAt<paths[Path], Lowercase<M> & Method>
  : never;

// What a page's call takes and gives, whichever operation it is.
type PageCall = (path: string, init?: PageInit) => Promise<Page>;
type Page = { readonly ok: true; readonly data: Readonly<Record<string, unknown>> } | { readonly ok: false };
interface PageInit {
  readonly params?: { readonly query?: Readonly<Record<string, unknown>> };
  readonly body?: unknown;
}

// A GET takes its token in the query, a POST in the body.
function tokenOf(method: "GET" | "POST", init: PageInit | undefined, request: string): unknown {
  const values = method === "GET" ? init?.params?.query : init?.body;
  return (values as Readonly<Record<string, unknown>> | undefined)?.[request];
}

function withToken(method: "GET" | "POST", init: PageInit = {}, request: string, token: string): PageInit {
  if (method === "POST") return { ...init, body: { ...(init.body as object | undefined), [request]: token } };
  return { ...init, params: { ...init.params, query: { ...init.params?.query, [request]: token } } };
}
