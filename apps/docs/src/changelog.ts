import { readFileSync } from "node:fs";

/** What each release of the specification brought, as the generator tells it; newest first. */
export interface Changelog {
  readonly releases: readonly Release[];
}

export interface Release {
  readonly version: string;
  readonly changes: readonly Change[];
}

export interface Change {
  readonly change: "added" | "changed" | "deprecated";
  /** What sort of thing changed, in words: operation, event type, field, … */
  readonly kind: string;
  readonly operation: { readonly operationId: string } | null;
  /** The shared component it belongs to, or is. */
  readonly component: string | null;
  /** A part of it (the body, a status, or the sort of a parameter), and names from the outside in; neither for itself. */
  readonly place: { readonly part: string | null; readonly path: readonly string[] };
}

/** Reads the changelog that the generator has written beside the bundles. */
export function readChangelog(): Changelog {
  const file = new URL(import.meta.resolve("@matrix-openapi/definitions/openapi/changelog.json"));
  return JSON.parse(readFileSync(file, "utf8")) as Changelog; // written by the generator
}

/** What a release is called, which is also its anchor: before versions had numbers like 1.1 they had names. */
export function releaseName(version: string): string {
  return /^\d/.test(version) ? `v${version}` : version;
}
