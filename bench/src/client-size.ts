import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { figure } from "./figure.ts";
import type { Figure } from "./figure.ts";

const limit = 4096;

/** How many bytes the core client adds to a web page, minified and gzipped, beside openapi-fetch alone. */
export async function clientSize(): Promise<readonly Figure[]> {
  const ours = await size('export { createMatrixClient } from "@matrix-openapi/client";');
  const theirs = await size('export { default } from "openapi-fetch";');
  return [
    figure(
      {
        name: "core client, minified and gzipped, openapi-fetch included",
        unit: "bytes",
        ours,
        theirs,
        against: "openapi-fetch alone",
        goal: `ours ≤ ${limit}`,
      },
      (mine) => mine <= limit,
    ),
  ];
}

async function size(entry: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    conditions: ["matrix-openapi-source"],
  });
  return gzipSync(outputFiles[0]?.contents ?? new Uint8Array(), { level: 9 }).byteLength;
}
