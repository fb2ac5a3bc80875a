import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A program that makes TypeScript of a bundle. */
export interface Generator {
  readonly name: string;
  /** What to run Node with. The others are called as their guides begin: without options. */
  readonly command: (api: string, bundle: string, out: string) => readonly string[];
  /** The file with the types, and what else is in it. */
  readonly types: (api: string) => string;
  readonly made: string;
}

/** Ours first. */
export const generators: readonly Generator[] = [
  {
    name: "ours",
    command: (api, bundle, out) => [
      "--conditions=matrix-openapi-source",
      fileURLToPath(new URL("../../packages/generator/src/cli.ts", import.meta.url)),
      "generate",
      "--api",
      `${api}=${bundle}`,
      "--out",
      out,
    ],
    types: (api) => `src/${api}/types.ts`,
    made: "types",
  },
  {
    name: "@hey-api/openapi-ts",
    command: (_, bundle, out) => [
      join(installOtherGenerators(), "node_modules/@hey-api/openapi-ts/bin/run.js"),
      "--input",
      bundle,
      "--output",
      out,
    ],
    types: () => "types.gen.ts",
    made: "types",
  },
  {
    name: "orval",
    command: (_, bundle, out) => [
      join(installOtherGenerators(), "node_modules/.bin/orval"),
      "--input",
      bundle,
      "--output",
      join(out, "api.ts"),
    ],
    types: () => "api.ts",
    made: "types (theirs with the client)",
  },
];

const wanted = fileURLToPath(new URL("../subjects/", import.meta.url));
const folder = fileURLToPath(new URL("../.subjects/generators/", import.meta.url));

/**
 * The folder that other generators are installed in; done once, and again where their lockfile changes. It is not the
 * repository's own `node_modules`, so that only who runs this benchmark waits for them.
 */
function installOtherGenerators(): string {
  const lockfile = readFileSync(join(wanted, "package-lock.json"));
  const hash = createHash("sha256").update(lockfile).digest("hex");
  const stamp = join(folder, "lockfile.sha256");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return folder;

  rmSync(folder, { recursive: true, force: true });
  cpSync(wanted, folder, { recursive: true });
  const { status, error, stderr } = spawnSync("npm", ["ci", "--loglevel=error", "--no-audit", "--no-fund"], {
    cwd: folder,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (status !== 0) {
    const found = error?.message ?? stderr.trim();
    throw new Error(`\`npm ci\` in ${folder} failed: ${found}\nThe registry has to be reachable the first time.`);
  }
  writeFileSync(stamp, hash);
  return folder;
}
