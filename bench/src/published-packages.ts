import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const scratch = fileURLToPath(new URL("../.scratch/", import.meta.url));
const repository = fileURLToPath(new URL("../../", import.meta.url));
const packages = join(repository, "packages");

/** A project whose `node_modules` has packages as npm would bring them: built rather than as sources. */
export interface Project {
  readonly folder: string;
  readonly remove: () => void;
}

/** Builds the reference server and takes what is published of it. Its dependencies are found further up. */
export function installReferenceServer(): Project & { readonly command: string } {
  const turbo = join(repository, "node_modules/.bin/turbo");
  const built = spawnSync(turbo, ["run", "build", "--filter=@matrix-openapi/reference-server"], {
    cwd: repository,
    encoding: "utf8",
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" },
  });
  if (built.status !== 0) throw new Error(`the reference server cannot be built:\n${built.stdout}${built.stderr}`);
  const project = emptyProject();
  const source = join(repository, "apps/reference-server");
  const target = join(project.folder, "node_modules/@matrix-openapi/reference-server");
  for (const part of ["package.json", "bin", "dist"])
    cpSync(join(source, part), join(target, part), { recursive: true });
  return { ...project, command: join(target, "bin/matrix-reference-server.js") };
}

/** Builds the declarations of the client and of what it needs. Other packages are found further up. */
export function installPublishedTypes(): Project {
  const project = emptyProject();
  for (const name of ["definitions", "client"]) {
    const [source, target] = [join(packages, name), join(project.folder, "node_modules/@matrix-openapi", name)];
    cpSync(join(source, "package.json"), join(target, "package.json"));
    const [config, dist] = [join(source, "tsconfig.build.json"), join(target, "dist")];
    const resolution = ["--customConditions", "matrix-openapi-source"]; // nothing is built in the repository
    const { status, stdout } = tsc(["-p", config, "--outDir", dist, "--emitDeclarationOnly", ...resolution]);
    if (status !== 0) throw new Error(`the declarations of ${name} cannot be built:\n${stdout}`);
    const isDeclaration = (path: string): boolean => statSync(path).isDirectory() || path.endsWith(".d.ts");
    if (existsSync(join(source, "src"))) cpSync(join(source, "src"), dist, { recursive: true, filter: isDeclaration });
  }
  return project;
}

function emptyProject(): Project {
  mkdirSync(scratch, { recursive: true });
  const folder = mkdtempSync(join(scratch, "project-"));
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

/** Runs the type checker of the repository. */
export function tsc(parameters: readonly string[]) {
  const program = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
  return spawnSync(process.execPath, [program, ...parameters], { encoding: "utf8" });
}
