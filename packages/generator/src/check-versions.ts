import { inside, refuse, type Place } from "./bundles/place.ts";
import type { OpenApiDocument } from "./document.ts";
import { refuseAll } from "./place-problems.ts";

/** Whether every version that something came with can be compared; YAML makes the number 1.1 of an unquoted 1.10. */
export async function checkVersions(document: OpenApiDocument, root: string): Promise<void> {
  const place: Place = { pointer: "#", refusals: [] };
  walk(document, place);
  await refuseAll(place.refusals, root);
}

function walk(value: unknown, place: Place): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, entry] of Object.entries(value)) {
    const here = inside(place, key);
    if (key in severalAllowed) check(key, entry, here);
    else if (!examples.has(key)) walk(entry, here);
  }
}

const examples: ReadonlySet<string> = new Set(["example", "examples", "default", "const", "enum"]);

/** What changed may have done so more than once. */
const severalAllowed: Readonly<Record<string, boolean>> = {
  "x-addedInMatrixVersion": false,
  "x-changedInMatrixVersion": true,
  "x-deprecatedInMatrixVersion": false,
};

function check(key: string, written: unknown, place: Place): void {
  const versions: unknown[] = severalAllowed[key] === true && Array.isArray(written) ? written : [written];
  const wrong = versions.find((version) => typeof version !== "string" || !/^(?:r0|\d+)(?:\.\d+){1,2}$/.test(version));
  if (versions.length > 0 && wrong === undefined && !versions.includes(undefined)) return;
  const number = typeof wrong === "number" ? " as a number" : "";
  refuse(
    place,
    `${key} is ${JSON.stringify(wrong ?? written)}${number}, and has to be a version.`,
    'Write a release of the specification, in quotes: "1.10".',
  );
}
