import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { parse } from "yaml";
import type { Follow } from "./schema.ts";

/** The description as it stands in its files, read one by one as they are asked for. */
export interface Source {
  /** A file's content, in which every `$ref` is absolute. */
  readonly read: <T>(file: string) => T;
  readonly follow: Follow;
}

/** A file that is asked for and cannot be read; the rest of the description can still be compared. */
export class UnreadableError extends Error {}

/**
 * Reads the description without bundling it, so that what one person is writing does not keep another from comparing
 * what is done. Files are relative to `root`.
 */
export function openSource(root: string): Source {
  const files = new Map<string, unknown>();

  function read<T>(file: string): T {
    const path = resolve(root, file);
    if (!files.has(path)) files.set(path, withAbsoluteRefs(parseFile(path, root), path));
    return files.get(path) as T; // the caller knows what the file is; the linter proves it
  }

  const follow: Follow = (node) => {
    if (node.$ref === undefined) return node;
    const { $ref, ...siblings } = node;
    const [file = "", pointer = ""] = $ref.split("#");
    const target = follow(at(read(file), pointer, $ref) as typeof node); // a $ref points at its own kind of node
    return { ...target, ...siblings } as typeof node; // the same node without its $ref
  };

  return { read, follow };
}

function parseFile(path: string, root: string): unknown {
  try {
    return parse(readFileSync(path, "utf8"));
  } catch (error) {
    const [reason] = error instanceof Error ? error.message.split("\n") : [String(error)];
    throw new UnreadableError(`${relative(root, path)} cannot be read: ${reason}`, { cause: error });
  }
}

function withAbsoluteRefs(value: unknown, path: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withAbsoluteRefs(item, path));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) =>
      key === "$ref" && typeof child === "string" ? [key, absolute(child, path)] : [key, withAbsoluteRefs(child, path)],
    ),
  );
}

function absolute(ref: string, path: string): string {
  return ref.startsWith("#") ? path + ref : join(dirname(path), ref);
}

function at(document: unknown, pointer: string, ref: string): unknown {
  let node = document;
  for (const segment of pointer.split("/").slice(1)) {
    const key = segment.replaceAll("~1", "/").replaceAll("~0", "~");
    const child: unknown = typeof node === "object" && node !== null ? Reflect.get(node, key) : undefined;
    if (child === undefined) throw new UnreadableError(`${ref} points at nothing`);
    node = child;
  }
  return node;
}
