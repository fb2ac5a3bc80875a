import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { findViolations } from "./find-violations.ts";
import { rooms } from "./table.ts";
import type { Room } from "./table.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

test("the repository keeps to its own table", () => {
  expect(findViolations(repository, rooms)).toEqual([]);
});

test("ARCHITECTURE.md shows the table as it is", () => {
  const names = (cell: string): string[] =>
    cell
      .split(",")
      .map((name) => name.trim())
      .filter(Boolean);
  const shown = [
    ...readFileSync(join(repository, "ARCHITECTURE.md"), "utf8").matchAll(
      /^\| ([a-z, -]+) \| ([a-z, -]*) \|([a-z, -]*)\|$/gm,
    ),
  ]
    .map(([, rows = "", imports = "", testImports = ""]) => ({
      rows: names(rows),
      imports: names(imports),
      testImports: names(testImports),
    }))
    .filter(({ rows }) => rows.every((row) => row in rooms));
  expect(shown.length).toBeGreaterThan(4);
  for (const { rows, imports, testImports } of shown) {
    for (const row of rows)
      expect({ row, imports, testImports }).toEqual({
        row,
        imports: rooms[row]?.imports,
        testImports: rooms[row]?.testImports,
      });
  }
});

test("a backward dependency is reported where it is declared", () => {
  const root = tree({ "packages/client/package.json": { dependencies: { "@matrix-openapi/server": "0.0.0" } } });
  expect(findViolations(root, { client })).toEqual([
    expect.stringMatching(
      /^packages\/client\/package\.json: dependencies name @matrix-openapi\/server, but client may not/,
    ),
  ]);
});

test("a dependency that no file imports is reported", () => {
  const root = tree({ "packages/client/package.json": { dependencies: { "@matrix-openapi/definitions": "0.0.0" } } });
  expect(findViolations(root, { client })).toEqual([expect.stringMatching(/definitions, but no file imports it/)]);
});

test("an import that package.json does not declare is reported where it stands", () => {
  const root = tree({
    "packages/client/package.json": {},
    "packages/client/src/index.ts": 'import { createApi } from "@matrix-openapi/server";',
  });
  expect(findViolations(root, { client })).toEqual([
    expect.stringMatching(/^packages\/client\/src\/index\.ts: imports @matrix-openapi\/server/),
  ]);
});

test("what only tests may import stays out of the code", () => {
  const line = 'const { createMatrixClient } = await import("@matrix-openapi/client");';
  const root = tree({
    "packages/client/package.json": { devDependencies: { "@matrix-openapi/client": "0.0.0" } },
    "packages/client/src/a.test.ts": line,
    "packages/client/src/a.ts": line,
  });
  const room = { ...client, testImports: ["client"] };
  expect(findViolations(root, { tester: room })).toEqual([expect.stringMatching(/^packages\/client\/src\/a\.ts: /)]);
});

test("a relative import cannot climb out of its package", () => {
  const root = tree({
    "packages/client/package.json": {},
    "packages/client/src/index.ts": 'export { api } from "../../server/src/index.ts";',
  });
  expect(findViolations(root, { client })).toEqual([expect.stringMatching(/outside of packages\/client/)]);
});

test("a package that the table does not know, or no longer finds, is reported", () => {
  const root = tree({ "packages/toolbox/package.json": {} });
  expect(findViolations(root, { client })).toEqual([
    expect.stringMatching(/^packages\/toolbox: is not in the table/),
    expect.stringMatching(/^packages\/client: is in the table, but no workspace/),
  ]);
});

const client: Room = { folder: "packages/client", imports: ["definitions"], testImports: [] };

function tree(files: Readonly<Record<string, unknown>>): string {
  const root = mkdtempSync(join(tmpdir(), "boundaries-"));
  folders.push(root);
  for (const [path, content] of Object.entries({ "package.json": { workspaces: ["packages/*"] }, ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
  }
  return root;
}
