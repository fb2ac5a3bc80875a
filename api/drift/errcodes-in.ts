import type { Documents } from "./follow-refs.ts";
import { isObject, type JsonObject } from "./json.ts";

/** Every error code named anywhere in a part of a description: its text, schemas and examples. */
export function errcodesIn(documents: Documents, part: unknown): string[] {
  const found = new Set<string>();
  collect(documents, part, found);
  return [...found].toSorted();
}

/**
 * The codes that a text says were added, by version: the first one after each `added-in`, up to the end of its
 * paragraph or item.
 */
export function errcodesAddedIn(text: unknown): Record<string, string> {
  if (typeof text !== "string") return {};
  const entries = [
    ...text.matchAll(/\{\{% added-in v="(?<version>[\d.]+)" ?%\}\}(?<rest>(?:.|\n(?!\s*(?:\n|[*-] )))*)/g),
  ];
  return Object.fromEntries(
    entries.flatMap(({ groups }) => {
      const [code] = errcodesNamedIn(groups?.["rest"] ?? "");
      return code === undefined ? [] : [[code, groups?.["version"] ?? ""]];
    }),
  );
}

/** Every error code that a text names, in its order. */
export function errcodesNamedIn(text: string): readonly string[] {
  return text.match(/\bM_[A-Z0-9]+(?:_[A-Z0-9]+)*\b/g) ?? [];
}

function collect(documents: Documents, part: unknown, found: Set<string>): void {
  if (typeof part === "string") for (const code of errcodesNamedIn(part)) found.add(code);
  if (Array.isArray(part)) for (const item of part) collect(documents, item, found);
  if (isObject(part) && !isPlainError(part))
    for (const field of Object.values(documents.follow(part))) collect(documents, field, found);
}

/** The form that all errors share; the code in its example is one of many. */
function isPlainError({ $ref: ref }: JsonObject): boolean {
  return typeof ref === "string" && ref.includes("/definitions/errors/error.yaml#");
}
