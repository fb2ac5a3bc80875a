import { globSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A file that the site serves beside its pages. */
export interface Download {
  /** From the folder of all of them. */
  readonly path: string;
  readonly href: string;
  readonly bytes: number;
}

/** The folder the generator writes bundles, JSON Schemas and the changelog to. */
export const downloadsFolder = dirname(
  fileURLToPath(import.meta.resolve("@matrix-openapi/definitions/openapi/client-server.json")),
);

/** Everything there is to download, below `/openapi/`, where the bundles have always been. */
export function readDownloads(): readonly Download[] {
  return globSync("**/*.*", { cwd: downloadsFolder })
    .toSorted()
    .map((path) => ({ path, href: `/openapi/${path}`, bytes: statSync(join(downloadsFolder, path)).size }));
}

/** The title of a bundle, as it says itself. */
export function bundleTitle(path: string): string {
  const { info } = JSON.parse(readFileSync(join(downloadsFolder, path), "utf8")) as { info: { title: string } }; // a bundle
  return info.title;
}
