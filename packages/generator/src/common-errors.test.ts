import { readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { bundle } from "./bundle.ts";
import { readCommonErrors } from "./common-errors.ts";
import type { OpenApiDocument } from "./document.ts";
import { copyTiny, tinyRoot, type TinyCopy } from "./fixtures/tiny-copy.ts";
import { mergeCommonErrors, type MergedDocument } from "./merge-common-errors.ts";

// The list is no part of the bundle, so one bundle serves all lists.
let bundled: OpenApiDocument | undefined;
beforeAll(async () => {
  bundled = (await bundle([{ name: "tiny", root: tinyRoot }])).get("tiny");
});

test("each condition picks its operations", async () => {
  const { commonErrcodes } = await merged(tinyRoot);
  expect(Object.fromEntries(commonErrcodes)).toEqual({
    listDevices: { 400: ["M_INVALID_PARAM"], 401: ["M_MISSING_TOKEN", "M_UNKNOWN_TOKEN"] },
    renameDevice: {
      400: ["M_NOT_JSON", "M_BAD_JSON", "M_INVALID_PARAM"],
      401: ["M_MISSING_TOKEN", "M_UNKNOWN_TOKEN"],
      403: ["M_GUEST_ACCESS_FORBIDDEN"],
    },
    deleteDevice: {
      400: ["M_NOT_JSON", "M_BAD_JSON", "M_INVALID_PARAM"],
      401: ["M_MISSING_TOKEN", "M_UNKNOWN_TOKEN"],
      403: ["M_GUEST_ACCESS_FORBIDDEN"],
    },
    download: { 400: ["M_INVALID_PARAM"] },
    startSso: { 403: ["M_GUEST_ACCESS_FORBIDDEN"] },
  });
});

test("required-query and always pick theirs, and an entry that says the same twice counts once", async () => {
  await using copy = await copyTiny();
  await writeList(copy, [
    "merged:",
    "  - { errcode: M_BAD_JSON, status: 400, when: required-query }",
    "  - { errcode: M_UNKNOWN, status: 500, when: always }",
    "  - { errcode: M_UNKNOWN, status: 500, when: parameters }",
  ]);
  const { commonErrcodes } = await merged(copy.root);
  expect(commonErrcodes.get("startSso")).toEqual({ 400: ["M_BAD_JSON"], 500: ["M_UNKNOWN"] });
  expect(commonErrcodes.get("listDevices")).toEqual({ 500: ["M_UNKNOWN"] });
});

test("a code that an operation lists itself stays its own", async () => {
  await using copy = await copyTiny();
  await writeList(copy, ["merged:", "  - { errcode: M_NOT_FOUND, status: 404, when: parameters }"]);
  const { commonErrcodes, document } = await merged(copy.root);
  expect(commonErrcodes.get("renameDevice")).toEqual({});
  expect(schemaAt(document, "/_tiny/devices/{deviceId}", "put", "404")).toEqual(ref("M_NOT_FOUND"));
  expect(schemaAt(document, "/_tiny/devices/{deviceId}", "delete", "404")).toEqual(ref("M_NOT_FOUND"));
});

test("errors join a union; beside a challenge they are an alternative", async () => {
  const { document } = await merged(tinyRoot);
  const device = "/_tiny/devices/{deviceId}";
  expect(schemaAt(document, device, "delete", "403")).toEqual({
    oneOf: [
      ref("M_FORBIDDEN"),
      { ...ref("M_LIMIT_EXCEEDED"), "x-addedInMatrixVersion": "0.2" },
      ref("M_GUEST_ACCESS_FORBIDDEN"),
    ],
  });
  expect(schemaAt(document, device, "delete", "401")).toEqual({
    anyOf: [ref("UserInteractiveAuthChallenge"), { oneOf: [ref("M_MISSING_TOKEN"), ref("M_UNKNOWN_TOKEN")] }],
  });
  expect(document.components?.responses?.["AuthenticationRequired"]?.content?.["application/json"]?.schema).toEqual(
    ref("UserInteractiveAuthChallenge"),
  );
});

test("an API without a list has no common errors", async () => {
  await using copy = await copyTiny();
  await rm(listOf(copy.root));
  expect((await merged(copy.root)).commonErrcodes.get("renameDevice")).toEqual({});
});

test.each([
  ["merged: 5", '"merged" has to be a list', 1],
  ["merged:\n  - { status: 400, when: always }", "needs an errcode", 2],
  ["merged:\n  - { errcode: M_UNKNOWN, status: 200, when: always }", "needs a status from 400 to 599", 2],
  ["merged:\n  - { errcode: M_UNKNOWN, status: 400, when: sometimes }", "when: sometimes", 2],
  ["anywhere:\n  - { errcode: M_UNKNOWN }", "needs a status", 2],
  ["merged:\n  - { errcode: [M_UNKNOWN", "", 2],
  ["merged: *nowhere", "nowhere", 1],
  ["# codes\nmerge:\n  - { errcode: M_UNKNOWN, status: 500, when: always }", '"merge" is not known', 2],
  ["", "nothing is listed here", 1],
  ["# codes\n", "nothing is listed here", 1],
  ["# codes\n- { errcode: M_UNKNOWN, status: 500 }", "this is no map", 2],
  ["merged: []\nanywhere:", '"anywhere" has to be a list', 2],
  ["anywhere:\n  - { errcode: M_UNKNOWN, status: 500, excpt: [logout] }", 'has "excpt"', 2],
])("%j is refused with its line", async (text, message, line) => {
  await using copy = await copyTiny();
  await writeFile(listOf(copy.root), text);
  await expect(merged(copy.root)).rejects.toMatchObject({
    problems: [{ file: listOf(copy.root), line, message: expect.stringContaining(message) }],
  });
});

test("YAML that cannot be read is reported in one line", async () => {
  await using copy = await copyTiny();
  await writeFile(listOf(copy.root), "merged:\n  - { errcode: [M_UNKNOWN");
  await expect(merged(copy.root)).rejects.toMatchObject({
    problems: [{ line: 2, message: expect.not.stringContaining("\n") }],
  });
});

test("a code that nobody has described is refused with the file to write", async () => {
  await using copy = await copyTiny();
  await writeList(copy, ["anywhere:", "  - { errcode: M_NOWHERE, status: 400 }"]);
  await expect(merged(copy.root)).rejects.toThrow(/shared\/errors\/M_NOWHERE\.yaml.*lists M_NOWHERE/);
});

test("a code whose file is empty is refused with that file", async () => {
  await using copy = await copyTiny();
  await writeFile(join(copy.folder, "api/shared/errors/M_NOWHERE.yaml"), "");
  await writeList(copy, ["anywhere:", "  - { errcode: M_NOWHERE, status: 400 }"]);
  await expect(merged(copy.root)).rejects.toThrow(/M_NOWHERE\.yaml:1: is no schema.*lists M_NOWHERE/);
});

test("an exception for an operation that does not exist is refused", async () => {
  await using copy = await copyTiny();
  const text = await readFile(listOf(copy.root), "utf8");
  await writeFile(listOf(copy.root), text.replace("except: [startSso]", "except: [startSSO]"));
  await expect(merged(copy.root)).rejects.toThrow(/excepts "startSSO"/);
});

async function merged(root: string): Promise<MergedDocument> {
  if (bundled === undefined) throw new Error("no bundle");
  return mergeCommonErrors(bundled, await readCommonErrors(root));
}

function listOf(root: string): string {
  return join(dirname(root), "common-errors.yaml");
}

function writeList(copy: TinyCopy, lines: readonly string[]): Promise<void> {
  return writeFile(listOf(copy.root), `${lines.join("\n")}\n`);
}

function schemaAt({ paths }: OpenApiDocument, path: string, method: string, status: string): unknown {
  const operation = paths?.[path]?.[method] as {
    responses: Record<string, { content: Record<string, { schema: unknown }> }>;
  }; // as bundled
  return operation.responses[status]?.content["application/json"]?.schema;
}

function ref(name: string): { $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}
