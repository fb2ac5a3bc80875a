import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** A `$ref` to a file, and where it is written. */
export interface WrittenReference {
  readonly file: string;
  readonly line: number;
  /** As it is written there. */
  readonly written: string;
  readonly target: string;
}

/** Every reference from file to file of a description, in the order in which they are come to. */
export async function referencesFrom(root: string): Promise<WrittenReference[]> {
  const references: WrittenReference[] = [];
  const seen = new Set([resolve(root)]);
  for (const file of seen) {
    const text = await readFile(file, "utf8").catch(() => ""); // a $ref in a text may lead to nothing
    for (const [index, line] of text.split("\n").entries()) {
      for (const [, written = ""] of line.matchAll(/\$ref:\s*["']?([^"'\s#}]+)/g)) {
        const target = resolve(dirname(file), written);
        references.push({ file, line: index + 1, written, target });
        seen.add(target); // and is come to, because a Set goes on as it grows
      }
    }
  }
  return references;
}
