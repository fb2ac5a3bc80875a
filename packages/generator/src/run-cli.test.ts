import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { copyTiny, tinyRoot } from "./fixtures/tiny-copy.ts";
import { runCli } from "./run-cli.ts";

test("generates, and says what came of it", async () => {
  await using copy = await copyTiny();
  const { code, stdout, stderr } = await cli("generate", "--api", `tiny=${copy.root}`, "--out", copy.out);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^tiny: 5 operations, \d+ schemas\n\d+ files written to .* in \d+\.\d s\n$/);
  expect(stderr).toBe("");
  expect(await readFile(join(copy.out, "src/tiny/types.ts"), "utf8")).toContain("export interface paths");
});

test("--json prints one object", async () => {
  await using copy = await copyTiny();
  const { stdout } = await cli("generate", "--api", `tiny=${copy.root}`, "--out", copy.out, "--json");
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, apis: [{ name: "tiny", operations: 5 }] });
});

test("shows progress on a terminal only", async () => {
  await using copy = await copyTiny();
  const { stderr } = await cli("generate", "--api", `tiny=${copy.root}`, "--out", copy.out, { isTTY: true });
  expect(stderr).toContain("bundling …");
  expect(stderr.endsWith("\r\u001B[K")).toBe(true);
});

test("bad input: place, reason and way out, exit code 1", async () => {
  await using copy = await copyTiny();
  await copy.edit("tiny/paths/sso.yaml", "operationId: startSso", "operationId: listDevices");
  const args = ["generate", "--api", `tiny=${copy.root}`, "--out", copy.out];
  const { code, stdout, stderr } = await cli(...args);
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/sso\.yaml:4: GET \/_tiny\/sso has the operationId "listDevices".*\n {2}→ Rename/);
  expect(stderr).toMatch(/Nothing was written\.\n$/);

  const json = await cli(...args, "--json");
  expect(json.code).toBe(1);
  expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, problems: [{ line: 4 }] });
});

test("the current folder is named as such", async () => {
  const { stderr } = await cli("generate", "--api", "tiny=.", "--out", "x");
  expect(stderr).toMatch(/^\.: is a folder/);
});

test("what nobody has foreseen is one line that says what to do, with the stack for whoever asks", async () => {
  await using copy = await copyTiny();
  const args = ["generate", "--api", `tiny=${copy.root}`, "--out", copy.out];
  const run = async (env: Record<string, string>): Promise<string> => {
    let stderr = "";
    const broken = (): never => {
      throw new TypeError("the paper is used up");
    };
    const terminal = { stdout: { write: broken }, stderr: { write: (text: string) => (stderr += text) }, env };
    expect(await runCli(args, terminal)).toBe(1);
    return stderr;
  };
  expect(await run({})).toMatch(/^TypeError: the paper is used up\n {2}→ This is a bug in matrix-openapi: .*\n$/);
  expect(await run({ MATRIX_OPENAPI_STACK: "1" })).toMatch(/\n {4}at /);
});

test("--help and --version", async () => {
  expect(await cli("--help")).toMatchObject({ code: 0, stdout: expect.stringContaining("--api NAME=FILE") });
  expect(await cli("--version")).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

test.each([
  [[], "No command was given"],
  [["make"], 'no command "make"'],
  [["generate", "--out", "x"], "--api NAME=path/to/openapi.yaml is missing"],
  [["generate", "--api", `tiny=${tinyRoot}`], "--out DIR is missing"],
  [["generate", "--api", "tiny", "--out", "x"], '"tiny" was given'],
  [["generate", "--api", "../x=a.yaml", "--out", "x"], '"../x=a.yaml" was given'],
  [["generate", "--api", "a=b", "--api", "a=c", "--out", "x"], '"a" was given twice'],
  [["generate", "more", "--out", "x"], '"more" was given'],
  [["generate", "--fast"], "--fast"],
])("%j is wrong usage, exit code 2", async (args, message) => {
  const { code, stderr } = await cli(...args);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(stderr).toContain("--help");
});

async function cli(
  ...given: (string | { isTTY: boolean })[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const args = given.filter((arg) => typeof arg === "string");
  const isTTY = given.some((arg) => typeof arg === "object" && arg.isTTY);
  let stdout = "";
  let stderr = "";
  const code = await runCli(args, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text), isTTY },
  });
  return { code, stdout, stderr };
}
