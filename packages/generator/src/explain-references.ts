import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { isMap, LineCounter, parseDocument } from "yaml";
import type { Problem } from "./generation-error.ts";
import { circularPointer, leadsToNothing } from "./redocly-problems.ts";
import { referencesFrom } from "./references.ts";

/** Says of references what Redocly does not: that their file is empty, and which of them only lead to each other. */
export async function explainReferences(problems: readonly Problem[]): Promise<Problem[]> {
  const explained = await Promise.all(
    problems.map(async (problem) => {
      if (problem.message === leadsToNothing) return [(await emptyTarget(problem)) ?? problem];
      if (problem.message !== circularPointer || problem.file === undefined) return [problem];
      const circles = await circlesFrom(problem.file);
      return circles.length > 0 ? circles : [problem];
    }),
  );
  return [...new Map(explained.flat().map((each) => [JSON.stringify(each), each])).values()];
}

async function emptyTarget({ file = "", line = 0 }: Problem): Promise<Problem | undefined> {
  const text = (await readFile(file, "utf8")).split("\n")[line - 1] ?? "";
  const { target } = /\$ref:\s*["']?(?<target>[^"'\s#}]+)/.exec(text)?.groups ?? {};
  if (target === undefined) return undefined;
  const path = resolve(dirname(file), target);
  const yaml = await readFile(path, "utf8").then(parseDocument, () => undefined);
  if (yaml === undefined || yaml.contents !== null) return undefined;
  return {
    file: path,
    line: 1,
    message: `is empty, and ${basename(file)}:${line} refers to it.`,
    hint: "Describe there what it is, or take the $ref out.",
  };
}

interface Link {
  readonly target: string;
  readonly line: number;
}

/** Of the files that are nothing but a `$ref`, those that come back to themselves; each circle once. */
async function circlesFrom(root: string): Promise<Problem[]> {
  const links = await linksFrom(root);
  const problems = new Map<string, Problem>();
  for (const file of [...links.keys()].toSorted()) {
    const way = [file];
    let next = links.get(file)?.target;
    for (; next !== undefined && !way.includes(next); next = links.get(next)?.target) way.push(next);
    const circle = way.toSorted().join("\n");
    if (next !== file || problems.has(circle)) continue;
    const names = [...way, file].map((each) => basename(each));
    const message =
      way.length === 1
        ? "refers only to itself."
        : `refers only to itself, by way of ${names.slice(1, -1).join(", ")}.`;
    const hint = `Describe something in ${way.length === 1 ? "it" : "one of these files"} instead of the $ref.`;
    problems.set(circle, { file, line: links.get(file)?.line ?? 1, message, hint });
  }
  return [...problems.values()];
}

async function linksFrom(root: string): Promise<Map<string, Link>> {
  const links = new Map<string, Link>();
  for (const file of new Set([resolve(root), ...(await referencesFrom(root)).map(({ target }) => target)])) {
    const text = await readFile(file, "utf8").catch(() => ""); // a $ref in a text may lead to nothing
    const lines = new LineCounter();
    const { contents } = parseDocument(text, { lineCounter: lines });
    const target: unknown = isMap(contents) ? contents.get("$ref") : undefined;
    if (typeof target !== "string" || target.startsWith("#")) continue;
    const offset = isMap(contents) ? (contents.range?.[0] ?? 0) : 0;
    links.set(file, { target: resolve(dirname(file), target), line: lines.linePos(offset).line });
  }
  return links;
}
