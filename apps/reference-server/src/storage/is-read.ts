import type { CompiledQuery } from "kysely";

/** Whether a query only reads, so that it need not wait for those who write. */
export function isRead({ query, sql }: CompiledQuery): boolean {
  if (query.kind === "SelectQueryNode") return true;
  return query.kind === "RawNode" && /^\s*select\b/i.test(sql);
}
