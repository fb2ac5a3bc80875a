import type { Refusal } from "./bundles/place.ts";
import type { OpenApiDocument } from "./document.ts";
import { operationsOf, type LocatedOperation } from "./operations.ts";
import { refuseAll } from "./place-problems.ts";

/** Everything is keyed by operationId, so each operation needs one of its own that can be a name in a program. */
export async function checkOperationIds(document: OpenApiDocument, root: string): Promise<void> {
  const refusals: Refusal[] = [];
  const seen = new Map<unknown, LocatedOperation>();
  for (const located of operationsOf(document)) {
    const { method, path, operation } = located;
    const operationId: unknown = operation.operationId; // as it was written
    const place = `#/paths/${path.replaceAll("~", "~0").replaceAll("/", "~1")}/${method.toLowerCase()}`;
    const refuse = (found: string, hint: string, pointer = `${place}/operationId`): unknown =>
      refusals.push({ pointer, found: `${method} ${path} has ${found}.`, hint });
    const first = seen.get(operationId);
    seen.set(operationId, located);
    if (operationId === undefined) refuse("no operationId", "Give it one.", place);
    else if (typeof operationId !== "string" || !/^[A-Za-z_]\w*$/.test(operationId))
      refuse(
        `the operationId ${JSON.stringify(operationId)}, which is no name`,
        "Use letters and digits, such as getDevice.",
      );
    else if (operationId in {})
      refuse(`the operationId "${operationId}", which every object has`, "Choose another name.");
    else if (first !== undefined)
      refuse(
        `the operationId "${operationId}", and so has ${first.method} ${first.path}`,
        "Rename one of them; every operationId has to be unique within its API.",
      );
  }
  await refuseAll(refusals, root);
}
