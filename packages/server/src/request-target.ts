/** Splits a request target as it came over the wire into its raw path and raw query. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const relative = target.startsWith("/") ? target : withoutAuthority(target);
  const fragment = relative.indexOf("#");
  const whole = fragment === -1 ? relative : relative.slice(0, fragment);
  const mark = whole.indexOf("?");
  return mark === -1 ? { path: whole, query: "" } : { path: whole.slice(0, mark), query: whole.slice(mark + 1) };
}

/** All values of one query parameter, decoded; null when its encoding is not valid percent-encoded UTF-8. */
export function queryValues(query: string, name: string): readonly string[] | null {
  const values: string[] = [];
  for (const pair of query.split("&")) {
    const equals = pair.indexOf("=");
    const key = equals === -1 ? pair : pair.slice(0, equals);
    if (key !== name && decoded(key) !== name) continue;
    const value = decoded(equals === -1 ? "" : pair.slice(equals + 1));
    if (value === null) return null;
    values.push(value);
  }
  return values;
}

/** The names of the parameters in a query, decoded, each once; what is not percent-encoded UTF-8 has none. */
export function queryNames(query: string): readonly string[] {
  const names = query.split("&").flatMap((pair) => decoded(pair.split("=", 1)[0] ?? "") ?? []);
  return [...new Set(names.filter((name) => name !== ""))];
}

function withoutAuthority(target: string): string {
  const start = target.indexOf("/", target.indexOf("://") + 3);
  return target.includes("://") ? (start === -1 ? "/" : target.slice(start)) : target;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return null;
  }
}
