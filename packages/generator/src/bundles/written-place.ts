import { readFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { referencesFrom } from "../references.ts";

interface WrittenPlace {
  readonly file: string;
  readonly line: number;
}

/** Where something was written that stands at this pointer of a bundle, as near as the description's files tell. */
export async function writtenPlace(pointer: string, root: string): Promise<WrittenPlace> {
  const keys = pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const [head, , name = "", ...rest] = keys;
  const component = head === "components" ? await componentFile(name, root) : undefined;
  return component === undefined ? follow(root, keys) : follow(component, rest);
}

/** Goes as far as the keys lead, and into other files where a `$ref` does. */
async function follow(file: string, keys: readonly string[]): Promise<WrittenPlace> {
  const lines = new LineCounter();
  let node: unknown = parseDocument(await readFile(file, "utf8"), { lineCounter: lines }).contents;
  let offset = 0;
  for (const [index, key] of keys.entries()) {
    const target: unknown = isMap(node) ? node.get("$ref") : undefined;
    if (typeof target === "string" && !target.startsWith("#")) {
      return follow(join(dirname(file), target), keys.slice(index));
    }
    const found = isMap(node)
      ? node.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
      : undefined;
    const next: unknown = isSeq(node) ? node.items[Number(key)] : found?.value;
    const begin = ((found?.key ?? next) as { range?: [number, number, number] } | undefined)?.range?.[0]; // what yaml's nodes have
    if (begin === undefined) break;
    offset = begin;
    node = next;
  }
  return { file, line: lines.linePos(offset).line };
}

/** A component is named after its file, which some `$ref` leads to. */
async function componentFile(name: string, root: string): Promise<string | undefined> {
  const files = [root, ...(await referencesFrom(root)).map(({ target }) => target)];
  return files.find((file) => basename(file, extname(file)) === name);
}
