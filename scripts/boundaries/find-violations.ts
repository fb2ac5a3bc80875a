import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import type { Room } from "./table.ts";

const scope = "@matrix-openapi/";
const sources = "**/*.{ts,tsx,mts,js,mjs}";
const importing = /(?:\bfrom|\bimport(?:\.meta\.resolve)?)\s*\(?\s*["'`]([^"'`$]+)/g;
const testFile = /\.test(-d)?\.ts$|(^|\/)(tests?|contract|fixtures)\//;

/**
 * Compares every workspace package with the table: what its package.json declares and what its files import. Each
 * violation is a sentence that says where it is and what to do.
 */
export function findViolations(root: string, rooms: Readonly<Record<string, Room>>): string[] {
  return [
    ...workspaces(root, rooms),
    ...Object.entries(rooms)
      .filter(([, room]) => existsSync(join(root, room.folder, "package.json")))
      .flatMap(([name, room]) => [...declarations(root, name, room), ...imports(root, name, room)]),
  ];
}

/** A package that the table does not know would never be looked at, and neither would one that has moved. */
function workspaces(root: string, rooms: Readonly<Record<string, Room>>): string[] {
  const { workspaces: patterns = [] } = readManifest(root, ".");
  const found = globSync(
    patterns.map((pattern) => `${pattern}/package.json`),
    { cwd: root },
  ).map((file) => dirname(file).split(sep).join("/"));
  const known = Object.values(rooms).map(({ folder }) => folder);
  return [
    ...found
      .filter((folder) => !known.includes(folder))
      .map((folder) => `${folder}: is not in the table. Add it there and to ARCHITECTURE.md.`),
    ...known
      .filter((folder) => !found.includes(folder))
      .map((folder) => `${folder}: is in the table, but no workspace. Correct the table and ARCHITECTURE.md.`),
  ];
}

function declarations(root: string, name: string, room: Room): string[] {
  const manifest = readManifest(root, room.folder);
  const allowed = { dependencies: room.imports, devDependencies: [...room.imports, ...room.testImports] };
  const used = new Set(sourceFiles(resolve(root, room.folder)).flatMap((file) => workspaceNames(specifiers(file))));
  return (["dependencies", "devDependencies"] as const).flatMap((kind) =>
    workspaceNames(Object.keys(manifest[kind] ?? {})).flatMap((other) => {
      const where = `${room.folder}/package.json: ${kind} name ${scope}${other}`;
      if (!allowed[kind].includes(other)) {
        return [
          `${where}, but ${name} may not depend on it. Turn the dependency around, or change the table and ARCHITECTURE.md together.`,
        ];
      }
      return used.has(other) ? [] : [`${where}, but no file imports it. Take it off.`];
    }),
  );
}

function imports(root: string, name: string, room: Room): string[] {
  const manifest = readManifest(root, room.folder);
  const home = resolve(root, room.folder);
  return sourceFiles(home).flatMap((file) => {
    const inTest = testFile.test(relative(home, file).split(sep).join("/"));
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
  return globSync(sources, { cwd: home, exclude: (path) => /(^|\/)(node_modules|dist|site|\.[^/]+)$/.test(path) }).map(
    (file) => join(home, file),
  );
}

function specifiers(file: string): string[] {
  return [...readFileSync(file, "utf8").matchAll(importing)].map((match) => match[1] ?? "");
}

function workspaceNames(names: readonly string[]): string[] {
  return names
    .filter((specifier) => specifier.startsWith(scope))
    .map((specifier) => specifier.slice(scope.length).split("/")[0] ?? "");
}

interface Manifest {
  readonly workspaces?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function readManifest(root: string, folder: string): Manifest {
  // The files are ours and npm has read them before, so their shape is known.
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as Manifest;
}
