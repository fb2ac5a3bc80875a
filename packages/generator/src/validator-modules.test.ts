import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tinyRoot } from "./fixtures/tiny-copy.ts";
import { generate } from "./generate.ts";
import type { Validate } from "./operation-descriptor.ts";

type Validators = Record<string, Record<string, Validate>>;

let out: string;
let requests: Validators;
let responses: Validators;
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), "validators-"));
  await generate({ apis: [{ name: "tiny", root: tinyRoot }], out });
  const load = (file: string): Promise<Record<string, Validators>> => import(join(out, "src/tiny", file));
  requests = (await load("request-validators.js"))["requestValidators"] ?? {};
  responses = (await load("response-validators.js"))["responseValidators"] ?? {};
});
afterAll(() => rm(out, { recursive: true }));

test("there is a validator for each part that a request has, and for each JSON response", () => {
  expect(mapValues(requests, Object.keys)).toEqual({
    listDevices: ["query"],
    renameDevice: ["path", "body"],
    deleteDevice: ["path", "body", "auth"],
    download: ["path"],
    startSso: ["query"],
  });
  expect(mapValues(responses, Object.keys)).toEqual({
    listDevices: ["200", "400", "401", "429"],
    renameDevice: ["200", "400", "401", "403", "404"],
    deleteDevice: ["200", "400", "401", "403"],
    download: ["400"],
    startSso: ["403"],
  });
});

test("query values are coerced in place", () => {
  expect(check("listDevices", "query", { limit: "5", kind: "phone", other: "1" })).toEqual({
    limit: 5,
    kind: ["phone"],
    other: "1",
  });
});

test.each([
  [{ limit: "five" }, "/limit", "type"],
  [{ limit: "101" }, "/limit", "maximum"],
  [{ limit: ["5", "6"] }, "/limit", "type"],
  [{ from: ["a", "b"] }, "/from", "type"],
  [{ kind: ["phone", "fridge"] }, "/kind/1", "enum"],
])("the query %j is refused at %s", (query, instancePath, keyword) => {
  expect(check("listDevices", "query", query)).toMatchObject([{ instancePath, keyword }]);
});

test("a missing query value is named", () => {
  expect(check("startSso", "query", {})).toMatchObject([{ params: { missingProperty: "redirectUrl" } }]);
});

test("the rules of a shared schema hold for path values", () => {
  expect(check("renameDevice", "path", { deviceId: "A".repeat(255) })).toEqual({ deviceId: "A".repeat(255) });
  expect(check("renameDevice", "path", { deviceId: "A".repeat(256) })).toMatchObject([{ keyword: "maxLength" }]);
});

test("bodies are neither coerced nor stripped", () => {
  expect(check("renameDevice", "body", { display_name: "x", other: 1 })).toEqual({ display_name: "x", other: 1 });
  expect(check("renameDevice", "body", { display_name: 5 })).toMatchObject([{ keyword: "type" }]);
});

test("a body lets any object through as auth, and auth itself is strict", () => {
  expect(check("deleteDevice", "body", { auth: { type: 5 } })).toEqual({ auth: { type: 5 } });
  expect(check("deleteDevice", "body", { auth: "x" })).toMatchObject([{ instancePath: "/auth", keyword: "type" }]);
  expect(check("deleteDevice", "auth", { session: "s" })).toEqual({ session: "s" });
  expect(check("deleteDevice", "auth", { type: "m.login.dummy" })).toEqual({ type: "m.login.dummy" });
});

test.each([
  [{ type: "m.login.password" }, "required", { missingProperty: "password" }],
  [{ type: "m.login.fax" }, "discriminator", { tagValue: "m.login.fax" }],
  [{}, "required", { missingProperty: "session" }],
  [{ type: "m.login.dummy", session: 5 }, "type", { type: "string" }],
  ["s", "type", { type: "object" }],
])("of the attempt %j, the first error says what is wrong with it", (attempt, keyword, params) => {
  const [first] = check("deleteDevice", "auth", attempt) as unknown[]; // refused, so it is the errors
  expect(first).toMatchObject({ keyword, params });
});

test("responses are told apart by errcode, and a challenge by its flows", () => {
  const forbidden = responses["deleteDevice"]?.["403"];
  expect(forbidden?.({ errcode: "M_FORBIDDEN", error: "no" })).toBe(true);
  expect(forbidden?.({ errcode: "M_FORBIDDEN" })).toBe(false);
  expect(forbidden?.({ errcode: "M_NOT_FOUND", error: "no" })).toBe(false);
  const unauthorized = responses["deleteDevice"]?.["401"];
  expect(unauthorized?.({ flows: [{ stages: ["m.login.dummy"] }] })).toBe(true);
  expect(unauthorized?.({ errcode: "M_MISSING_TOKEN", error: "no" })).toBe(true);
  expect(unauthorized?.({ errcode: "M_FORBIDDEN", error: "no" })).toBe(false);
});

/** The value after validation, or the errors. */
function check(operationId: string, part: string, value: unknown): unknown {
  const validate = requests[operationId]?.[part];
  if (validate === undefined) throw new Error(`no validator for ${operationId} ${part}`);
  return validate(value) ? value : validate.errors;
}

function mapValues<T, U>(record: Record<string, T>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
