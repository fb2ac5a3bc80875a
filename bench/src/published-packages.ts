import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const scratch = fileURLToPath(new URL("../.scratch/", import.meta.url));
const packages = fileURLToPath(new URL("../../packages/", import.meta.url));

/** A project whose `node_modules` has the packages' types as npm would bring them: declarations rather than sources. */
export interface Project {
  readonly folder: string;
  readonly remove: () => void;
}

/** Builds the declarations of the client and of what it needs. Other packages are found further up. */
export function installPublishedTypes(): Project {
  mkdirSync(scratch, { recursive: true });
  const folder = mkdtempSync(join(scratch, "project-"));
  for (const name of ["definitions", "client"]) {
    const [source, target] = [join(packages, name), join(folder, "node_modules/@matrix-openapi", name)];
    cpSync(join(source, "package.json"), join(target, "package.json"));
    const [config, dist] = [join(source, "tsconfig.build.json"), join(target, "dist")];
    const resolution = ["--customConditions", "matrix-openapi-source"]; // nothing is built in the repository
    const { status, stdout } = tsc(["-p", config, "--outDir", dist, "--emitDeclarationOnly", ...resolution]);
    if (status !== 0) throw new Error(`the declarations of ${name} cannot be built:\n${stdout}`);
    const isDeclaration = (path: string): boolean => statSync(path).isDirectory() || path.endsWith(".d.ts");
    if (existsSync(join(source, "src"))) cpSync(join(source, "src"), dist, { recursive: true, filter: isDeclaration });
  }
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

/** Runs the type checker of the repository. */
export function tsc(parameters: readonly string[]) {
  const program = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
  return spawnSync(process.execPath, [program, ...parameters], { encoding: "utf8" });
}
