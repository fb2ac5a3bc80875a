import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { Room } from "./table.ts";

const SCOPE = "@matrix-openapi/";
const SOURCES = "**/*.{ts,tsx,mts,js,mjs}";
const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']/g;
const TEST = /\.test(-d)?\.ts$|(^|\/)(tests?|contract|fixtures)\//;

/**
 * Compares every workspace package with the table: what its package.json declares and what its files import. Each
 * violation is a sentence that says where it is and what to do.
 */
export function findViolations(root: string, rooms: Readonly<Record<string, Room>>): string[] {
  return Object.entries(rooms)
    .filter(([, room]) => existsSync(join(root, room.folder, "package.json")))
    .flatMap(([name, room]) => [...declarations(root, name, room), ...imports(root, name, room)]);
}

function declarations(root: string, name: string, room: Room): string[] {
  const manifest = readManifest(root, room);
  const allowed = { dependencies: room.imports, devDependencies: [...room.imports, ...room.testImports] };
  return (["dependencies", "devDependencies"] as const).flatMap((kind) =>
    workspaceNames(Object.keys(manifest[kind] ?? {}))
      .filter((other) => !allowed[kind].includes(other))
      .map(
        (other) =>
          `${room.folder}/package.json: ${kind} name ${SCOPE}${other}, but ${name} may not depend on it. Turn the dependency around, or change the table and ARCHITECTURE.md together.`,
      ),
  );
}

function imports(root: string, name: string, room: Room): string[] {
  const manifest = readManifest(root, room);
  const home = resolve(root, room.folder);
  return sourceFiles(home).flatMap((file) => {
    const inTest = TEST.test(relative(home, file).split(sep).join("/"));
    const declared = workspaceNames([
      ...Object.keys(manifest.dependencies ?? {}),
      ...(inTest ? Object.keys(manifest.devDependencies ?? {}) : []),
    ]);
    return specifiers(file).flatMap((specifier) => {
      const where = relative(root, file);
      if (specifier.startsWith(".") && !resolve(dirname(file), specifier).startsWith(home + sep)) {
        return [
          `${where}: imports ${specifier}, which lies outside of ${room.folder}. Import the package by its name.`,
        ];
      }
      const [other] = workspaceNames([specifier]);
      if (other === undefined || other === name || declared.includes(other)) return [];
      return [
        `${where}: imports ${specifier}, which ${room.folder}/package.json does not declare${inTest ? "" : " under dependencies"}. Declare it if the table in ARCHITECTURE.md allows it.`,
      ];
    });
  });
}

function sourceFiles(home: string): string[] {
  return globSync(SOURCES, {
    cwd: home,
    exclude: (path) => /(^|\/)(node_modules|dist|site|\.subjects)$/.test(path),
  }).map((file) => join(home, file));
}

function specifiers(file: string): string[] {
  return [...readFileSync(file, "utf8").matchAll(IMPORT)].map((match) => match[1] ?? "");
}

function workspaceNames(names: readonly string[]): string[] {
  return names
    .filter((specifier) => specifier.startsWith(SCOPE))
    .map((specifier) => specifier.slice(SCOPE.length).split("/")[0] ?? "");
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function readManifest(root: string, room: Room): Manifest {
  // The files are ours and npm has read them before, so their shape is known.
  return JSON.parse(readFileSync(join(root, room.folder, "package.json"), "utf8")) as Manifest;
}
