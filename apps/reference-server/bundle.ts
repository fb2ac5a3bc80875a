// Writes the JavaScript of `dist`, few files instead of a thousand: Node then starts in a third of the time, and in less
// memory. The declarations beside it are the compiler's.
import { copyFileSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const folder = fileURLToPath(new URL(".", import.meta.url));
const dist = `${folder}dist`;

/** Loaded by every start; what is loaded at its first use only stays with the package that it comes from. */
const bundled = ["@matrix-openapi/definitions", "@matrix-openapi/server", "kysely"];

const manifest = JSON.parse(readFileSync(`${folder}package.json`, "utf8")) as {
  readonly dependencies: Readonly<Record<string, string>>; // our own file
};

rmSync(dist, { recursive: true, force: true });
await build({
  absWorkingDir: folder,
  entryPoints: [
    { in: "src/index.ts", out: "index" },
    { in: "src/cli.ts", out: "cli" },
    { in: "src/homeserver/media/thumbnails/image-thread.ts", out: "image-thread" }, // a thread is a file of its own
  ],
  outdir: dist,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node24",
  conditions: ["matrix-openapi-source"],
  external: Object.keys(manifest.dependencies).filter((name) => !bundled.includes(name)),
  logLevel: "warning",
});

const copies = {
  "config.schema.json": new URL("src/config.schema.json", import.meta.url),
  "fixtures.schema.json": new URL("src/testing/initial-data/fixtures.schema.json", import.meta.url),
  "LICENSE.kysely": new URL("../LICENSE", import.meta.resolve("kysely")), // which its copies have to carry
};
for (const [name, source] of Object.entries(copies)) copyFileSync(source, `${dist}/${name}`);
