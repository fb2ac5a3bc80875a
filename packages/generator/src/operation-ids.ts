import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { OpenApiDocument } from "./document.ts";
import { GenerationError, type Problem } from "./generation-error.ts";
import { operationsOf, type LocatedOperation } from "./operations.ts";

/** Everything is keyed by operationId, so each operation needs one of its own. */
export async function checkOperationIds(document: OpenApiDocument, root: string): Promise<void> {
  const problems: Problem[] = [];
  const seen = new Map<string, LocatedOperation>();
  for (const located of operationsOf(document)) {
    const { operationId, method, path } = located;
    const first = seen.get(operationId);
    if (operationId === "") {
      problems.push({ file: root, message: `${method} ${path} has no operationId.`, hint: "Give it one." });
    } else if (first === undefined) {
      seen.set(operationId, located);
    } else {
      const place = (await placesOf(operationId, dirname(root))).at(-1);
      problems.push({
        ...(place ?? { file: root }),
        message: `${method} ${path} has the operationId "${operationId}", and so has ${first.method} ${first.path}.`,
        hint: "Rename one of them; every operationId has to be unique within its API.",
      });
    }
  }
  if (problems.length > 0) throw new GenerationError(problems);
}

async function placesOf(operationId: string, folder: string): Promise<{ file: string; line: number }[]> {
  const names = await readdir(folder, { recursive: true });
  const places: { file: string; line: number }[] = [];
  for (const name of names.filter((candidate) => /\.ya?ml$/.test(candidate)).toSorted()) {
    const lines = (await readFile(join(folder, name), "utf8")).split("\n");
    lines.forEach((text, index) => {
      const written = /^\s*operationId:\s*["']?(?<id>[^"'\s#]+)/.exec(text)?.groups?.["id"];
      if (written === operationId) places.push({ file: join(folder, name), line: index + 1 });
    });
  }
  return places;
}
