import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundle } from "./bundle.ts";
import { checkDescription } from "./check-description.ts";
import type { OpenApiDocument } from "./document.ts";
import { copyTiny, type TinyCopy } from "./fixtures/tiny-copy.ts";
import { generate } from "./generate.ts";
import { GenerationError, type Problem } from "./generation-error.ts";

const device = "tiny/schemas/Device.yaml";
const devicePage = "tiny/schemas/DevicePage.yaml";
const devices = "tiny/paths/devices.yaml";
const one = "tiny/paths/device.yaml";
const sso = "tiny/paths/sso.yaml";
const root = "tiny/openapi.yaml";

const cases: readonly [file: string, found: string, replacement: string, line: number, message: string][] = [
  [device, "type: object", "type: objct", 2, '"type" is "objct", and has to be one of array, boolean'],
  [device, "required: [device_id]", "required: device_id", 3, '"required" is "device_id", and has to be a list'],
  [devicePage, "properties:\n", "properties: [a]\nx-a:\n", 4, '"properties" is a list, and has to be a map'],
  [device, "type: string", "type: string\n    pattern: '['", 10, '"pattern" is "[", and must match format "regex"'],
  [device, "required:", "requierd:", 3, '"requierd" is not known here'],
  [device, "$ref: DeviceId.yaml", "nullable: true", 6, '"nullable" is not known here'],
  [one, '"404":', '"403":\n    "404":', 29, '"403" is empty, and has to be a map'],
  [one, "put:", "get:\nput:", 7, '"get" is empty, and has to be a map'],
  [devices, "            $ref: ../schemas/DevicePage.yaml\n", "", 32, '"schema" is empty, and has to be a map'],
  [devices, "    - name: from\n", "    -\n    - name: from\n", 15, "entry 2 is empty, and has to be a map"],
  [devices, "in: query", "in: quary", 9, '"in" is "quary", and has to be one of path, query, header, cookie'],
  [devices, "    - name: from\n      in", "    - in", 15, '"name" is missing'],
  [devices, "x-matrix-guest: true", "x-matrix-guest: yes please", 40, '"x-matrix-guest" is "yes please"'],
  [devices, "    items: devices", "    item: devices", 41, '"items" is missing'],
  [
    one,
    "    stages: [m.login.password, m.login.dummy]\n    exemptions: [application-service]",
    "    3",
    68,
    '"x-matrix-uia" is 3',
  ],
  [one, "    stages:", "    stage:", 69, '"stage" is not known here'],
  [sso, "operationId: startSso", "operationId: 17", 4, "the operationId 17, which is no name"],
  [sso, "operationId: startSso", 'operationId: "a b-c"', 4, 'the operationId "a b-c", which is no name'],
  [sso, "operationId: startSso", "operationId: __proto__", 4, 'the operationId "__proto__", which every object has'],
  [sso, "operationId: startSso", "operationId: constructor", 4, 'the operationId "constructor"'],
  [sso, "  responses:", "  x-answers:", 1, '"responses" is missing here'],
  [sso, '"302":', '"3o2":', 17, '"3o2" is not known here'],
  [root, "openapi: 3.1.1", 'swagger: "2.0"', 1, 'this is swagger: "2.0", and has to be openapi: 3.1.1'],
  [root, "openapi: 3.1.1", "openapi: 3.0.3", 1, 'this is openapi: "3.0.3"'],
  [one, 'x-addedInMatrixVersion: "0.1"', "x-addedInMatrixVersion: banana", 66, 'is "banana", and has to be a version'],
  [one, 'x-addedInMatrixVersion: "0.1"', "x-addedInMatrixVersion: 1.10", 66, "is 1.1 as a number"],
  [one, 'x-addedInMatrixVersion: "0.1"', "x-addedInMatrixVersion:", 66, "is null, and has to be a version"],
  [one, '["0.2", "1.0"]', '["0.2", 1.0]', 67, "is 1 as a number"],
  [one, '["0.2", "1.0"]', "[]", 67, "is [], and has to be a version"],
  [device, '"0.2"', "0.2", 11, "is 0.2 as a number"],
  [devices, "request: from", "request: form", 42, '"form" is no query parameter or field of the body'],
  [devices, "response: next_batch", "response: next", 43, '"next" is no field of the answer'],
  [devices, "items: devices", "items: chunk", 44, '"chunk" is no field of the answer'],
  [devices, "x-matrix-guest: true", "x-matrix-txn: txnId", 40, '"txnId" is no parameter of the path'],
];

// One process joins the files of all of them, which is nearly all of the time that they take.
const copies: TinyCopy[] = [];
let bundles: ReadonlyMap<string, OpenApiDocument> = new Map();
beforeAll(async () => {
  for (const [file, found, replacement] of cases) {
    const copy = await copyTiny();
    copies.push(copy);
    await copy.edit(file, found, replacement);
  }
  bundles = await bundle(copies.map(({ root: path }, index) => ({ name: `case-${index}`, root: path })));
}, 60_000);
afterAll(() => Promise.all(copies.map((copy) => copy[Symbol.asyncDispose]())));

test.each(cases.map((each, index) => [...each, index] as const))(
  "%s: %j → %j",
  async (file, _found, _replacement, line, message, index) => {
    const [copy, document] = [copies[index], bundles.get(`case-${index}`)];
    if (copy === undefined || document === undefined) throw new Error(`no bundle of case ${index}`);
    const [problem] = await problemsIn(checkDescription(document, copy.root));
    expect(problem).toMatchObject({ line, message: expect.stringContaining(message) });
    expect(relative(`${copy.folder}/api`, problem?.file ?? "")).toBe(file);
  },
);

test.each([
  ["", "is empty, and has to be a release"],
  ["hello world\n", 'says "hello world", and has to be a release'],
])("a SPEC_VERSION of %j is reported", async (text, message) => {
  await using copy = await copyTiny();
  const file = join(copy.folder, "api/SPEC_VERSION");
  await writeFile(file, text);
  expect((await problemsOf(copy))[0]).toMatchObject({ file, line: 1, message: expect.stringContaining(message) });
});

test("the name of a version inside an example is no version", async () => {
  await using copy = await copyTiny();
  await copy.edit(device, "type: object", "examples: [{ x-addedInMatrixVersion: 5 }]\ntype: object");
  await expect(generate({ apis: [{ name: "tiny", root: copy.root }], out: copy.out })).resolves.toBeDefined();
});

test("a schema that consists of itself is reported, by whatever way it does", async () => {
  await using copy = await copyTiny();
  await copy.edit("tiny/schemas/Empty.yaml", "type: object", "anyOf: [{ $ref: Empty.yaml }]");
  const [problem] = await problemsOf(copy);
  expect(problem).toMatchObject({ message: expect.stringContaining("consists of itself: Empty → Empty.") });
  expect(problem?.file).toMatch(/schemas\/Empty\.yaml$/);

  await copy.edit("tiny/schemas/Empty.yaml", "{ $ref: Empty.yaml }", "{ $ref: Device.yaml }");
  await copy.edit(device, "type: object", "oneOf: [{ allOf: [{ $ref: Empty.yaml }] }]");
  expect((await problemsOf(copy))[0]?.message).toMatch(/consists of itself: (Empty → Device|Device → Empty)/);
});

test("a schema that leads back to itself through a field is none of these", async () => {
  await using copy = await copyTiny();
  await copy.edit(device, "properties:", "properties:\n  parent: { $ref: Device.yaml }");
  await expect(generate({ apis: [{ name: "tiny", root: copy.root }], out: copy.out })).resolves.toBeDefined();
});

test("several faults are told at once", async () => {
  await using copy = await copyTiny();
  await copy.edit(device, "type: object", "type: objct");
  await copy.edit(devices, "in: query", "in: quary");
  expect(await problemsOf(copy)).toHaveLength(2);
  expect(existsSync(copy.out)).toBe(false);
});

function problemsOf({ root: given, out }: TinyCopy): Promise<readonly Problem[]> {
  return problemsIn(generate({ apis: [{ name: "tiny", root: given }], out }));
}

async function problemsIn(work: Promise<unknown>): Promise<readonly Problem[]> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof GenerationError)) throw new Error(`expected a GenerationError, got ${String(error)}`);
  for (const { hint } of error.problems) expect(hint).not.toBe("");
  return error.problems;
}
