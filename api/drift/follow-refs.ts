import { posix } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { DriftError } from "./drift-error.ts";
import { isObject, mapValues, type JsonObject } from "./json.ts";
import type { Checkout } from "./read-checkout.ts";

/** The YAML files of a checkout, each parsed once, with every `$ref` written as `path-from-the-root#/pointer`. */
export interface Documents {
  /** The paths below a folder, without what lies in folders below it. */
  list(folder: string): string[];
  load(path: string): JsonObject;
  /** The node itself, or what it references with the keys beside the `$ref` on top. */
  follow(node: unknown): JsonObject;
}

/** Reads a checkout's YAML as one graph. */
export function documentsOf(checkout: Checkout): Documents {
  const loaded = new Map<string, JsonObject>();

  function load(path: string): JsonObject {
    const known = loaded.get(path);
    if (known !== undefined) return known;
    const text = checkout.get(path);
    if (text === undefined) throw new DriftError(`${path} is referenced but missing.`, "Is the checkout complete?");
    const parsed = withRootedRefs(parse(path, text), path);
    if (!isObject(parsed)) throw new DriftError(`${path} is not a mapping.`, "Is it a file of matrix-spec?");
    loaded.set(path, parsed);
    return parsed;
  }

  function follow(node: unknown, seen: readonly string[] = []): JsonObject {
    if (!isObject(node)) return {};
    const { $ref: ref, ...beside } = node;
    if (typeof ref !== "string") return node;
    if (seen.includes(ref)) throw new DriftError(`${ref} leads back to itself.`, "The description cannot be followed.");
    const [path = "", pointer = ""] = ref.split("#");
    const keys = pointer.split("/").slice(1);
    const target = keys.reduce<unknown>((at, key) => (isObject(at) ? at[unescape(key)] : undefined), load(path));
    if (target === undefined) throw new DriftError(`${ref} is referenced but missing.`, "Is the checkout complete?");
    return { ...follow(target, [...seen, ref]), ...beside };
  }

  return {
    list: (folder) =>
      [...checkout.keys()].filter((path) => posix.dirname(path) === folder && path.endsWith(".yaml")).toSorted(),
    load,
    follow: (node) => follow(node),
  };
}

/** `stringKeys` keeps a version such as 1.10 from being read as the number 1.1. */
function parse(path: string, text: string): unknown {
  const lineCounter = new LineCounter();
  const options = { stringKeys: true, uniqueKeys: false, lineCounter };
  const document = parseDocument(text, options);
  const [error] = document.errors;
  if (error === undefined) return document.toJS() as unknown; // toJS says any
  const mended = parseDocument(withIndentedClosers(text), options);
  if (mended.errors.length === 0) return mended.toJS() as unknown; // likewise
  const { line } = lineCounter.linePos(error.pos[0]);
  throw new DriftError(
    `${path}:${line} cannot be read: ${error.message.split("\n")[0]}`,
    "Mend it in the checkout, or read a release with --tag.",
  );
}

/** Releases up to v1.18 have a `}` left of the block it closes; the parser upstream uses lets that pass. */
function withIndentedClosers(text: string): string {
  return text.replaceAll(/^( *)([}\]]+,?) *$/gm, `${" ".repeat(80)}$2`);
}

function withRootedRefs(node: unknown, file: string): unknown {
  if (Array.isArray(node)) return node.map((item) => withRootedRefs(item, file));
  if (!isObject(node)) return node;
  return mapValues(node, (value, key) =>
    key === "$ref" && typeof value === "string" ? rooted(value, file) : withRootedRefs(value, file),
  );
}

function rooted(ref: string, file: string): string {
  const [path = "", pointer = ""] = ref.split("#");
  return `${path === "" ? file : posix.join(posix.dirname(file), path)}#${pointer}`;
}

function unescape(key: string): string {
  return decodeURIComponent(key).replaceAll("~1", "/").replaceAll("~0", "~");
}
