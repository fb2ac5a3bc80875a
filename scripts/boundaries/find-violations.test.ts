import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { findViolations } from "./find-violations.ts";
import { rooms } from "./table.ts";

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

test("the repository keeps to its own table", () => {
  expect(findViolations(fileURLToPath(new URL("../..", import.meta.url)), rooms)).toEqual([]);
});

test("a backward dependency is reported where it is declared", () => {
  const root = tree({
    "packages/client/package.json": { dependencies: { "@matrix-openapi/server": "0.0.0" } },
  });
  expect(findViolations(root, rooms)).toEqual([
    expect.stringMatching(/^packages\/client\/package\.json: dependencies name @matrix-openapi\/server/),
  ]);
});

test("an import that package.json does not declare is reported where it stands", () => {
  const root = tree({
    "packages/client/package.json": {},
    "packages/client/src/index.ts": 'import { createApi } from "@matrix-openapi/server";',
  });
  expect(findViolations(root, rooms)).toEqual([
    expect.stringMatching(/^packages\/client\/src\/index\.ts: imports @matrix-openapi\/server/),
  ]);
});

test("what only tests may import stays out of the code", () => {
  const manifest = { devDependencies: { "@matrix-openapi/client": "0.0.0" } };
  const line = 'const { createMatrixClient } = await import("@matrix-openapi/client");';
  const root = tree({
    "apps/reference-server/package.json": manifest,
    "apps/reference-server/src/a.test.ts": line,
    "apps/reference-server/src/a.ts": line,
  });
  expect(findViolations(root, rooms)).toEqual([expect.stringMatching(/^apps\/reference-server\/src\/a\.ts: /)]);
});

test("a relative import cannot climb out of its package", () => {
  const root = tree({
    "packages/client/package.json": {},
    "packages/client/src/index.ts": 'export { api } from "../../server/src/index.ts";',
  });
  expect(findViolations(root, rooms)).toEqual([expect.stringMatching(/outside of packages\/client/)]);
});

function tree(files: Readonly<Record<string, unknown>>): string {
  const root = mkdtempSync(join(tmpdir(), "boundaries-"));
  folders.push(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
  }
  return root;
}
