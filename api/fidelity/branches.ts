import type { Follow, Schema } from "./schema.ts";

/** A schema as the list of its alternatives, each without `$ref`, `oneOf`, `anyOf` and `allOf`. */
export function branchesOf(schema: Schema, follow: Follow, seen: readonly string[] = []): Schema[] {
  // A union that contains itself adds nothing to itself.
  if (schema.$ref !== undefined && seen.includes(schema.$ref)) return [];
  const path = schema.$ref === undefined ? seen : [...seen, schema.$ref];
  const { oneOf, anyOf, allOf = [], ...own } = follow(schema);
  let branches: Schema[] = [own];
  const joinEach = (parts: readonly Schema[]) => branches.flatMap((branch) => parts.map((part) => join(branch, part)));
  for (const part of allOf) branches = joinEach(branchesOf(part, follow, path));
  for (const union of [oneOf, anyOf]) {
    if (union) branches = joinEach(union.flatMap((part) => branchesOf(part, follow, path)));
  }
  return branches;
}

/** What stands outside a union says what it is here, what stands inside says what it may be. */
function join(outer: Schema, inner: Schema): Schema {
  const { default: fallback, deprecated, "x-addedInMatrixVersion": added, "x-changedInMatrixVersion": changed } = outer;
  const properties: Record<string, Schema> = { ...outer.properties };
  for (const [name, schema] of Object.entries(inner.properties ?? {})) {
    const other = properties[name];
    properties[name] = other ? { allOf: [other, schema] } : schema;
  }
  return {
    ...outer,
    ...inner,
    ...(outer.properties || inner.properties ? { properties } : {}),
    ...(outer.required || inner.required ? { required: [...(outer.required ?? []), ...(inner.required ?? [])] } : {}),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(deprecated === undefined ? {} : { deprecated }),
    ...(added === undefined ? {} : { "x-addedInMatrixVersion": added }),
    ...(changed === undefined ? {} : { "x-changedInMatrixVersion": changed }),
  };
}
