import { readFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import type { Problem } from "./generation-error.ts";

/** What is wrong with a list of events, or with one that is listed. */
export interface EventFault {
  readonly message: string;
  readonly hint: string;
  /** The component, if it is about one. */
  readonly name?: string;
  /** The extension in its file. */
  readonly key?: string;
}

/** Finds where it was written: in the file of the event, or in the list if that leads to another event's file. */
export async function eventProblem({ message, hint, name, key }: EventFault, root: string): Promise<Problem> {
  const listed = name === undefined ? undefined : await listing(root, name);
  if (listed === undefined) return { file: root, message, hint };
  const { line, target } = listed;
  if (target === undefined || basename(target, extname(target)) !== name) return { file: root, line, message, hint };
  const file = join(dirname(root), target);
  const lines = (await readFile(file, "utf8")).split("\n");
  const index = lines.findIndex((text) => text.startsWith(`${key}:`));
  return { file, ...(index >= 0 && { line: index + 1 }), message, hint };
}

async function listing(root: string, name: string): Promise<{ line: number; target: string | undefined } | undefined> {
  const lines = new LineCounter();
  const yaml = parseDocument(await readFile(root, "utf8"), { lineCounter: lines });
  const node = yaml.getIn(["components", "schemas", name], true) as { range?: [number, number, number] } | undefined; // a node, by `true`
  if (node === undefined) return undefined;
  const target = yaml.getIn(["components", "schemas", name, "$ref"]);
  return {
    line: lines.linePos(node.range?.[0] ?? 0).line,
    target: typeof target === "string" && !target.startsWith("#") ? target : undefined,
  };
}
