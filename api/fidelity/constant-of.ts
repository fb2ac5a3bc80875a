import type { Follow, Schema } from "./schema.ts";

/**
 * The one value that a field may have, by which forms are told apart; undefined where it may have others or is absent.
 */
export function constantOf(schema: Schema, field: string, follow: Follow): unknown {
  const property = schema.properties?.[field];
  return property && follow(property).const;
}
