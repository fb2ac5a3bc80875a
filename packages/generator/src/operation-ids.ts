import { dirname } from "node:path";
import type { OpenApiDocument } from "./document.ts";
import { GenerationError, type Problem } from "./generation-error.ts";
import { operationsOf, type LocatedOperation } from "./operations.ts";
import { placesOf } from "./places.ts";

const writtenId = /^\s*operationId:\s*["']?(?<found>[^"'\s#]+)/;

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
      const place = (await placesOf(dirname(root), writtenId)).findLast(({ found }) => found === operationId);
      problems.push({
        file: place?.file ?? root,
        ...(place && { line: place.line }),
        message: `${method} ${path} has the operationId "${operationId}", and so has ${first.method} ${first.path}.`,
        hint: "Rename one of them; every operationId has to be unique within its API.",
      });
    }
  }
  if (problems.length > 0) throw new GenerationError(problems);
}
