import { globSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the bundles lie; they are handed to other software as files, and nothing of them is imported. */
export const bundleFolder = fileURLToPath(new URL("../../../packages/definitions/openapi/", import.meta.url));

/** Every OpenAPI document among them: JSON and YAML, 3.1 and 3.0, the whole and one per tag; the history is none. */
export const openApiFiles: readonly string[] = globSync(["*.{json,yaml}", "tags/*/*.json"], {
  cwd: bundleFolder,
  exclude: ["changelog.json"],
})
  .toSorted()
  .map((file) => join(bundleFolder, file));
