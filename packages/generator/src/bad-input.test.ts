import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bundle } from "./bundle.ts";
import { copyTiny, type TinyCopy } from "./fixtures/tiny-copy.ts";
import { generate } from "./generate.ts";
import { GenerationError, type Problem } from "./generation-error.ts";
import { redoclyProblems } from "./redocly-problems.ts";

test("a $ref that points at nothing is reported where it stands", async () => {
  await using copy = await copyTiny();
  await copy.edit("tiny/paths/devices.yaml", "../schemas/DevicePage.yaml", "../schemas/DevicePages.yaml");
  const [problem] = await problemsOf(copy);
  expect(problem).toMatchObject({ line: 33, message: expect.stringContaining("schemas/DevicePages.yaml") });
  expect(problem?.file).toMatch(/devices\.yaml$/);
});

test("a $ref to a part that is not there is told apart from one to a file", async () => {
  await using copy = await copyTiny();
  await copy.edit("tiny/paths/devices.yaml", "../schemas/DevicePage.yaml", '"#/nowhere"');
  expect((await problemsOf(copy))[0]).toMatchObject({ line: 33, message: "this $ref leads to nothing." });
});

test("YAML aliases that multiply are reported as such", () => {
  const output =
    "bundling a.yaml using configuration for api 'a'...\nSomething went wrong when processing /a.yaml:\n\n";
  expect(redoclyProblems(`${output}  - Invalid string length\n`)).toEqual([
    { file: "/a.yaml", message: "becomes too long a document.", hint: "Look for YAML aliases that multiply." },
  ]);
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
  expect((await problemsOf(copy))[0]?.message).toContain("GET /_tiny/sso has no operationId.");
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

test("a folder, and a file that describes no API, are reported by their path", async () => {
  await using copy = await copyTiny();
  const folder = join(copy.folder, "api");
  const [asFolder] = await problemsOf({ ...copy, root: folder });
  expect(asFolder).toMatchObject({ file: folder, message: 'is a folder, no file to read the API "tiny" from.' });
  await writeFile(copy.root, "hello\n");
  const [asText] = await problemsOf(copy);
  expect(asText).toMatchObject({ file: copy.root, message: expect.stringMatching(/^Document must be JSON object/) });
});

test("a reference to a file that is no schema is reported where it stands", async () => {
  await using copy = await copyTiny();
  const text = join(copy.folder, "notes");
  await writeFile(text, "hello\n");
  await copy.edit("tiny/paths/device.yaml", "../schemas/Empty.yaml", text);
  const [problem] = await problemsOf(copy);
  expect(problem).toMatchObject({ line: 28, message: expect.stringContaining(`${text} is not a schema`) });
  expect(problem?.file).toMatch(/device\.yaml$/);
});

test("a reference to what is part of the description but no schema is reported", async () => {
  await using copy = await copyTiny();
  await writeFile(copy.root, `${await readFile(copy.root, "utf8")}\n  schemas:\n    Odd: { $ref: "#/paths" }\n`);
  expect((await problemsOf(copy))[0]?.message).toContain("$ref #/paths");
});

test("what OpenAPI 3.0 has no words for is reported where it stands", async () => {
  await using copy = await copyTiny();
  await copy.edit("tiny/schemas/Device.yaml", "properties:\n", "properties:\n  tags:\n    patternProperties: {}\n");
  const [problem] = await problemsOf(copy);
  expect(problem?.file).toMatch(/schemas\/Device\.yaml$/);
  expect(problem?.message).toBe(
    '"patternProperties" cannot be said in OpenAPI 3.0. (#/components/schemas/Device/properties/tags/patternProperties)',
  );
  const lines = (await readFile(problem?.file ?? "", "utf8")).split("\n");
  expect(lines[(problem?.line ?? 0) - 1]).toContain("patternProperties");
});

test("what stands in a path is found through the file of the path", async () => {
  await using copy = await copyTiny();
  await copy.edit("tiny/paths/devices.yaml", "type: string\n", "prefixItems: [{}]\n");
  const [problem] = await problemsOf(copy);
  expect(problem?.file).toMatch(/paths\/devices\.yaml$/);
  const lines = (await readFile(problem?.file ?? "", "utf8")).split("\n");
  expect(lines[(problem?.line ?? 0) - 1]).toContain("prefixItems");
});

test("a reference to the web is refused, not followed", async () => {
  await using copy = await copyTiny();
  const asked: (string | undefined)[] = [];
  await using web = createServer(({ url }, response) => {
    asked.push(url);
    response.setHeader("content-type", "application/yaml").end("type: object\n");
  });
  await once(web.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/Empty.yaml`; // it listens on TCP
  await copy.edit("tiny/paths/device.yaml", "../schemas/Empty.yaml", url);
  const [problem] = await problemsOf(copy);
  expect(problem).toMatchObject({ line: 28, message: `this $ref points at ${url}, and nothing is downloaded.` });
  expect(asked).toEqual([]);
});

test("a reference to a pipe is given up after the time limit", async () => {
  await using copy = await copyTiny();
  const pipe = join(copy.folder, "api/tiny/schemas/Pipe.yaml");
  execFileSync("mkfifo", [pipe]);
  await copy.edit("tiny/paths/device.yaml", "../schemas/Empty.yaml", pipe);
  await expect(bundle([{ name: "tiny", root: copy.root }], { seconds: 2 })).rejects.toThrow(
    /did not end within 2 seconds/,
  );
});

test("a misspelt keyword of a schema is reported", async () => {
  await using copy = await copyTiny();
  await copy.edit("tiny/schemas/Device.yaml", "required:", "requierd:");
  expect((await problemsOf(copy))[0]?.message).toContain("requierd");
});

test("a file that refers only to itself is reported, not followed for ever", async () => {
  await using copy = await copyTiny();
  const file = join(copy.folder, "api/tiny/schemas/DeviceId.yaml");
  await writeFile(file, "# an ID\n$ref: DeviceId.yaml\n");
  expect(await problemsOf(copy)).toMatchObject([{ file, line: 2, message: "refers only to itself." }]);
});

test("two files that refer only to each other are reported once, with both names", async () => {
  await using copy = await copyTiny();
  const file = join(copy.folder, "api/tiny/schemas/DeviceId.yaml");
  await writeFile(file, "$ref: Other.yaml\n");
  await writeFile(join(copy.folder, "api/tiny/schemas/Other.yaml"), "$ref: DeviceId.yaml\n");
  expect(await problemsOf(copy)).toMatchObject([{ file, message: "refers only to itself, by way of Other.yaml." }]);
});

test("an empty file is told apart from one that is not there", async () => {
  await using copy = await copyTiny();
  const file = join(copy.folder, "api/tiny/schemas/Empty.yaml");
  await writeFile(file, "");
  const problems = await problemsOf(copy);
  expect(problems[0]).toMatchObject({ file, line: 1, message: "is empty, and device.yaml:28 refers to it." });
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

test("a file in place of the output folder is reported as such", async () => {
  await using copy = await copyTiny();
  await writeFile(copy.out, "");
  const [problem] = await problemsOf(copy);
  expect(problem).toMatchObject({
    file: copy.out,
    message: expect.stringContaining("a file is where the output folder"),
  });
  expect(problem?.hint).toContain("--out");
});

test("an output folder whose src is a file is reported", async () => {
  await using copy = await copyTiny();
  await mkdir(copy.out);
  await writeFile(join(copy.out, "src"), "");
  const [problem] = await problemsOf(copy);
  expect(problem).toMatchObject({ file: join(copy.out, "src"), message: expect.stringContaining("ENOTDIR") });
});

test("a pipe in the output folder is not waited for", async () => {
  await using copy = await copyTiny();
  await mkdir(join(copy.out, "src"), { recursive: true });
  execFileSync("mkfifo", [join(copy.out, "src/pipe")]);
  expect((await problemsOf(copy))[0]?.file).toBe(join(copy.out, "src/pipe"));
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
