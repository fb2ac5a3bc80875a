import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "matrix-docs-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("the site is built where it is told to, with a 404 page for the path it is told of", () => {
  const out = join(folder, "site/");
  expect(run("--out", out, "--base", "/matrix/")).toMatchObject({ status: 0, stderr: "" });
  expect(readFileSync(join(out, "404.html"), "utf8")).toContain('href="/matrix/assets/style.css"');
  expect(readFileSync(join(out, "errors", "index.html"), "utf8")).toContain('href="../assets/style.css"');
  expect(existsSync(`${join(folder, "site")}.new`)).toBe(false);
});

test("a folder with other things in it is left as it is", () => {
  writeFileSync(join(folder, "letter.txt"), "Dear Bob");
  const { status, stderr } = run("--out", folder);
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining("holds something else") });
  expect(existsSync(join(folder, "letter.txt"))).toBe(true);
});

test("--help lists the options", () => {
  expect(run("--help").stdout).toMatch(/--out DIR[^]*--base PATH/);
});

test.each([["--ouput", "x"], ["--base", "matrix"], ["--base", '/"/x'], ["x"]])("%s %s is refused", (...options) => {
  const { status, stderr } = run(...options);
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining("--help lists the options") });
});

function run(...options: string[]) {
  const cli = fileURLToPath(new URL("cli.ts", import.meta.url));
  return spawnSync(process.execPath, ["--conditions=matrix-openapi-source", cli, ...options], { encoding: "utf8" });
}
