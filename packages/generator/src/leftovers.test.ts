import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, open, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { generatedMark } from "./banner.ts";
import { copyTiny, type TinyCopy } from "./fixtures/tiny-copy.ts";
import { generate } from "./generate.ts";
import { clearLeftovers } from "./leftovers.ts";
import { writeOutput } from "./write-output.ts";

test("a run that was killed between the two swaps loses nothing, and leaves no mix", async () => {
  await using copy = await copyTiny();
  await writeAll(copy.out, {
    "openapi/tiny.json": "new",
    ".generating-a1B2c3/old/openapi/tiny.json": "old",
    ".generating-a1B2c3/new/src/index.ts": "new",
    "src/index.ts": "old",
  });
  await clearLeftovers(copy.out);
  expect(await readAll(copy.out)).toEqual({ "openapi/tiny.json": "old", "src/index.ts": "old" });
});

test("a folder that was only set aside comes back, also where the input is bad", async () => {
  await using copy = await copyTiny();
  await writeAll(copy.out, {
    "openapi/tiny.json": "old",
    ".generating-a1B2c3/new/openapi/tiny.json": "new",
    ".generating-a1B2c3/new/src/index.ts": "new",
    ".generating-a1B2c3/old/src/index.ts": "old",
  });
  const nowhere = join(copy.folder, "nowhere.yaml");
  await expect(generate({ apis: [{ name: "tiny", root: nowhere }], out: copy.out })).rejects.toThrow(/no such file/);
  expect(await readAll(copy.out)).toEqual({ "openapi/tiny.json": "old", "src/index.ts": "old" });
});

test("what was still being written, and what was already replaced, is only removed", async () => {
  await using copy = await copyTiny();
  await writeAll(copy.out, {
    "openapi/tiny.json": "good",
    "src/index.ts": "good",
    ".generating-a1B2c3/new/openapi/tiny.json": "half",
    ".generating-999999999-d4E5f6/old/src/index.ts": "old",
  });
  await clearLeftovers(copy.out);
  expect(await readAll(copy.out)).toEqual({ "openapi/tiny.json": "good", "src/index.ts": "good" });
});

test("what another process is writing is left alone", async () => {
  await using copy = await copyTiny();
  const theirs = `.generating-${process.ppid}-a1B2c3/new/src/index.ts`;
  await writeAll(copy.out, { [theirs]: "new" });
  await clearLeftovers(copy.out);
  expect(await readAll(copy.out)).toEqual({ [theirs]: "new" });
});

test("where one folder cannot be replaced, none is", async () => {
  await using copy = await copyTiny();
  const before = { "openapi/tiny.json": generatedMark, "src/index.ts": generatedMark };
  await writeAll(copy.out, before);
  await expect(writeOutput(copy.out, new Map([["openapi/tiny.json", "new"]]))).rejects.toThrow(/src/);
  expect(await readAll(copy.out)).toEqual(before);
});

test("where there was nothing, a failure leaves nothing", async () => {
  await using copy = await copyTiny();
  await expect(writeOutput(copy.out, new Map([["openapi/tiny.json", "new"]]))).rejects.toThrow(/src/);
  expect(await readdir(copy.out)).toEqual([]);
});

test("what the file system refuses while it writes is reported with the folder", async () => {
  await using copy = await copyTiny();
  await expect(writeOutput(copy.out, new Map([[`src/${"x".repeat(300)}`, ""]]))).rejects.toMatchObject({
    problems: [{ file: copy.out, message: expect.stringContaining("ENAMETOOLONG") }],
  });
  expect(await readdir(copy.out)).toEqual([]);
});

test("an interruption while it writes leaves what was there, and nothing else", async () => {
  await using copy = await copyTiny();
  const apis = [{ name: "tiny", root: copy.root }];
  await generate({ apis, out: copy.out });
  const before = await readAll(copy.out);
  const interruption = new AbortController();
  const onStep = (step: string): void => (step === "writing" ? interruption.abort("SIGINT") : undefined);
  await copy.edit("tiny/openapi.yaml", "A tiny API", "Another API");
  await expect(generate({ apis, out: copy.out, onStep, signal: interruption.signal })).rejects.toBe("SIGINT");
  expect(await readAll(copy.out)).toEqual(before);
});

test.each([
  ["SIGTERM", 143],
  ["SIGINT", 130],
] as const)("the command ends by %s with %i, and says so", async (signal, code) => {
  await using copy = await copyTiny();
  const pipe = join(copy.folder, "api/tiny/schemas/Pipe.yaml");
  execFileSync("mkfifo", [pipe]);
  await copy.edit("tiny/paths/device.yaml", "../schemas/Empty.yaml", pipe);
  const cli = join(import.meta.dirname, "cli.ts");
  const args = ["--conditions=matrix-openapi-source", cli, "generate", "--api", `tiny=${copy.root}`, "--out", copy.out];
  const command = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  command.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
  await using _writer = await open(pipe, "w"); // is open once the command reads the description
  command.kill(signal);
  expect(await once(command, "close")).toEqual([code, null]);
  expect(stderr).toBe(
    `interrupted by ${signal}.\n  → Run it again; it starts from the beginning.\nNothing was written.\n`,
  );
  expect(existsSync(copy.out)).toBe(false);
});

async function writeAll(folder: TinyCopy["out"], files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

async function readAll(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const texts = files.map(async (file) => [file.slice(folder.length + 1), await readFile(file, "utf8")]);
  return Object.fromEntries(await Promise.all(texts));
}
