/** What a path leads to: the values of its parameters, in order, and what answers each method there. */
export interface Match<Target> {
  readonly values: readonly string[];
  readonly methods: ReadonlyMap<string, Target>;
}

/** A path of which a segment is not valid percent-encoded UTF-8. */
export const malformedPath = Symbol("malformed path");

/** An operation's method and path, and what serves it. */
export interface RouteEntry<Target> {
  readonly method: string;
  readonly path: string;
  readonly target: Target;
}

/** Finds what a raw path leads to. */
export type Router<Target> = (rawPath: string) => Match<Target> | typeof malformedPath | null;

interface Node<Target> {
  readonly named: Map<string, Node<Target>>;
  parameter: Node<Target> | null;
  readonly methods: Map<string, Target>;
}

/**
 * A trie over path segments. Each raw segment is decoded once, after splitting, so that `%2F` stays inside its segment;
 * an empty last segment is a value like any other (the empty state key), and `.` and `..` mean nothing special. A
 * segment's name wins over a parameter in its place.
 */
export function createRouter<Target>(routes: readonly RouteEntry<Target>[]): Router<Target> {
  const root = createNode<Target>();
  const fixed = new Map<string, Match<Target>>();
  for (const { method, path, target } of [...routes.flatMap(withoutStateKey), ...routes]) {
    const segments = path.slice(1).split("/");
    const node = segments.reduce(childFor, root);
    node.methods.set(method, target);
    if (!path.includes("{")) fixed.set(path, { values: [], methods: node.methods });
  }

  return (rawPath) => {
    const known = fixed.get(rawPath);
    if (known !== undefined) return known;
    if (!rawPath.startsWith("/")) return null;
    const segments = decodeSegments(rawPath);
    return segments === null ? malformedPath : walk(root, segments, 0, []);
  };
}

/**
 * The slash before an empty state key may be left out, which makes a path that descriptions do not list.
 * https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3roomsroomidstateeventtypestatekey
 */
function withoutStateKey<Target>(route: RouteEntry<Target>): readonly RouteEntry<Target>[] {
  const path = route.path.replace(/\/\{stateKey\}$/, "");
  return path === route.path ? [] : [{ ...route, path }];
}

function createNode<Target>(): Node<Target> {
  return { named: new Map(), parameter: null, methods: new Map() };
}

function childFor<Target>(node: Node<Target>, segment: string): Node<Target> {
  if (segment.startsWith("{")) return (node.parameter ??= createNode());
  let child = node.named.get(segment);
  if (child === undefined) node.named.set(segment, (child = createNode()));
  return child;
}

function decodeSegments(rawPath: string): string[] | null {
  const segments = rawPath.slice(1).split("/");
  if (!rawPath.includes("%")) return isAscii(rawPath) ? segments : null;
  try {
    return isAscii(rawPath) ? segments.map(decodeURIComponent) : null;
  } catch {
    return null; // not hexadecimal, or not UTF-8: a lone surrogate among them
  }
}

// A byte above 127 has to be percent-encoded; what an HTTP parser makes of a bare one is anybody's guess.
function isAscii(text: string): boolean {
  return !/[^\u0021-\u007e]/.test(text);
}

function walk<Target>(
  node: Node<Target>,
  segments: readonly string[],
  index: number,
  values: readonly string[],
): Match<Target> | null {
  const segment = segments[index];
  if (segment === undefined) return node.methods.size > 0 ? { values, methods: node.methods } : null;
  const child = node.named.get(segment);
  const named = child === undefined ? null : walk(child, segments, index + 1, values);
  if (named !== null || node.parameter === null) return named;
  return walk(node.parameter, segments, index + 1, [...values, segment]);
}
