/** Which names each name leads to, found once for all subsets. */
export type References = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The names after `prefix` in whatever strings a value holds: `$ref`s, a discriminator's mapping. One too many does no
 * harm, one too few would.
 */
export function namesIn(value: unknown, prefix: string): Set<string> {
  const pointers = [...JSON.stringify(value).matchAll(/"(#\/[^"]+)"/g)].map(([, pointer = ""]) => pointer);
  return new Set(pointers.filter((each) => each.startsWith(prefix)).map((each) => each.slice(prefix.length)));
}

/** These names, and all they lead to. */
export function reachable(from: Iterable<string>, references: References): Set<string> {
  const found = new Set<string>();
  const open = [...from];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    open.push(...(references.get(name) ?? []));
  }
  return found;
}
