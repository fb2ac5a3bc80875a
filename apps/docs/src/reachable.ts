import type { Document } from "./openapi.ts";

/** The names of all components that a part of a description refers to, however deep. */
export function reachable(document: Document, start: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  const names = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key !== "$ref" || typeof value !== "string" || !value.startsWith("#/components/")) visit(value);
      else if (!found.has(value)) {
        found.add(value);
        const [kind = "", name = ""] = value.split("/").slice(2);
        names.add(name);
        visit((document.components as Readonly<Record<string, Record<string, unknown>>>)[kind]?.[name]); // by kind and name
      }
    }
  };
  visit(start);
  return names;
}
