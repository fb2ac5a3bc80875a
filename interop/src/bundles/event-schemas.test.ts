import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type SchemaObject } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { expect, test } from "vitest";
import { bundleFolder } from "./bundle-folder.ts";

const folder = join(bundleFolder, "json-schemas/events");
const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), "utf8"));
const { events } = read("index.json") as { events: { type: string; kinds: string[]; schema: string }[] };

test("the list names every schema", () => {
  const files = globSync("*.json", { cwd: folder }).filter((file) => file !== "index.json");
  expect(events.map(({ schema }) => schema).toSorted()).toEqual(files.toSorted());
  expect(events.length).toBeGreaterThan(50);
});

test.each(events)("$type compiles by itself, strictly, and takes its examples", ({ schema: file }) => {
  const schema = read(file) as SchemaObject & { examples?: unknown[] }; // written by our generator
  const ajv = new Ajv2020({ strict: true, allErrors: true, logger: false });
  formats.default(ajv);
  const validate = ajv.compile(schema);
  const { examples = [] } = schema;
  expect(examples).not.toEqual([]);
  for (const example of examples) {
    expect({ valid: validate(example), errors: validate.errors }).toEqual({ valid: true, errors: null });
  }
  expect(validate("text")).toBe(false);
});
