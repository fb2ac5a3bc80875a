import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { copyTiny, type TinyCopy } from "./fixtures/tiny-copy.ts";
import { generate } from "./generate.ts";
import { GenerationError, type Problem } from "./generation-error.ts";

test("a $ref that points at nothing is reported where it stands", async () => {
  await using copy = await copyTiny();
  await copy.edit("tiny/paths/devices.yaml", "../schemas/DevicePage.yaml", "../schemas/DevicePages.yaml");
  const [problem] = await problemsOf(copy);
  expect(problem).toMatchObject({ line: 33, message: expect.stringContaining("schemas/DevicePages.yaml") });
  expect(problem?.file).toMatch(/devices\.yaml$/);
});

test("a file that is no YAML is reported once, where it breaks", async () => {
  await using copy = await copyTiny();
  await copy.edit("tiny/schemas/DeviceId.yaml", "type: string", "type: [string");
  const problems = await problemsOf(copy);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.file).toMatch(/DeviceId\.yaml$/);
  expect(problems[0]?.line).toBeGreaterThan(1);
});

test("two operations of one operationId are reported with the place of the second", async () => {
  await using copy = await copyTiny();
  await copy.edit("tiny/paths/sso.yaml", "operationId: startSso", "operationId: listDevices");
  const [problem] = await problemsOf(copy);
  expect(problem).toMatchObject({ line: 4, message: expect.stringContaining('"listDevices"') });
  expect(problem?.message).toContain("GET /_tiny/devices");
});

test("an operation without operationId is reported", async () => {
  await using copy = await copyTiny();
  await copy.edit("tiny/paths/sso.yaml", "  operationId: startSso\n", "");
  expect((await problemsOf(copy))[0]?.message).toBe("GET /_tiny/sso has no operationId.");
});

test("two files that want the same component name are reported", async () => {
  await using copy = await copyTiny();
  await writeFile(join(copy.folder, "api/shared/Empty.yaml"), "type: string\n");
  await copy.edit("tiny/paths/device.yaml", "../schemas/Empty.yaml", "../../shared/Empty.yaml");
  const [problem] = await problemsOf(copy);
  expect(problem?.message).toContain('"Empty"');
  expect(problem?.file).toMatch(/device\.yaml$/);
});

test("a description that is not there is reported by its path", async () => {
  await using copy = await copyTiny();
  const missing = join(copy.folder, "nowhere/openapi.yaml");
  const [problem] = await problemsOf({ ...copy, root: missing });
  expect(problem).toMatchObject({ file: missing, message: expect.stringContaining("no such file") });
});

test("a misspelt keyword of a schema is reported", async () => {
  await using copy = await copyTiny();
  await copy.edit("tiny/schemas/Device.yaml", "required:", "requierd:");
  expect((await problemsOf(copy))[0]?.message).toContain("requierd");
});

test("a reference that runs in a circle is reported, not followed for ever", async () => {
  await using copy = await copyTiny();
  await writeFile(join(copy.folder, "api/tiny/schemas/DeviceId.yaml"), "$ref: DeviceId.yaml\n");
  expect((await problemsOf(copy)).length).toBeGreaterThan(0);
});

test("a method or security scheme that no Matrix API has is reported", async () => {
  await using copy = await copyTiny();
  await copy.edit("tiny/paths/sso.yaml", "get:", "patch:");
  expect((await problemsOf(copy))[0]?.message).toContain("PATCH");
  await copy.edit("tiny/paths/sso.yaml", "patch:", "get:");
  await copy.edit("tiny/paths/sso.yaml", "accessTokenBearer", "apiKey");
  expect((await problemsOf(copy))[0]?.message).toContain("apiKey");
});

test("an output folder that cannot be written to is reported", async () => {
  await using copy = await copyTiny();
  const file = join(copy.folder, "file");
  await writeFile(file, "");
  const [problem] = await problemsOf({ ...copy, out: join(file, "out") });
  expect(problem).toMatchObject({ file: join(file, "out"), message: expect.stringContaining("ENOTDIR") });
});

test("somebody's own files are not replaced", async () => {
  await using copy = await copyTiny();
  const own = join(copy.out, "src/main.ts");
  await mkdir(join(copy.out, "src"), { recursive: true });
  await writeFile(own, "export const mine = true;\n");
  expect((await problemsOf(copy))[0]?.file).toBe(own);
  expect(await readFile(own, "utf8")).toContain("mine");
  expect(await readdir(copy.out)).toEqual(["src"]);
});

test("bad input leaves what was generated before, whole", async () => {
  await using copy = await copyTiny();
  await generate({ apis: [{ name: "tiny", root: copy.root }], out: copy.out });
  const before = await readFile(join(copy.out, "src/tiny/operations.ts"), "utf8");
  await copy.edit("tiny/schemas/Device.yaml", "required:", "requierd:");
  await problemsOf(copy);
  expect(await readFile(join(copy.out, "src/tiny/operations.ts"), "utf8")).toBe(before);
  expect((await readdir(copy.out)).toSorted()).toEqual(["openapi", "src"]);
});

test("what the API no longer has is gone from the output", async () => {
  await using copy = await copyTiny();
  await generate({ apis: [{ name: "before", root: copy.root }], out: copy.out });
  await generate({ apis: [{ name: "after", root: copy.root }], out: copy.out });
  expect(existsSync(join(copy.out, "src/before"))).toBe(false);
  expect(existsSync(join(copy.out, "src/after/types.ts"))).toBe(true);
});

async function problemsOf({ root, out }: Pick<TinyCopy, "root" | "out">): Promise<readonly Problem[]> {
  const error = await generate({ apis: [{ name: "tiny", root }], out }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof GenerationError)) throw new Error(`expected a GenerationError, got ${String(error)}`);
  for (const { hint } of error.problems) expect(hint).not.toBe("");
  return error.problems;
}
