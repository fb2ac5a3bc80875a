import { expect, test } from "vitest";
import { parse } from "yaml";
import type { OpenApiDocument } from "../document.ts";
import { yamlText } from "./yaml.ts";

const shared = { type: "string" };
const document = {
  openapi: "3.1.0",
  info: { title: "no", version: "1.10", description: "One: two # three\n\n  Four." },
  components: {
    schemas: {
      on: { enum: ["yes", "0x1F", "1_000", "2026-11-21", "12:30", "~", "=", ""], properties: { a: shared, b: shared } },
    },
    responses: { "200": { description: "200" } },
  },
} as OpenApiDocument;

test.each(["1.1", "1.2"] as const)("is read as it was written by readers of YAML %s", (version) => {
  expect(parse(yamlText("Banner", document), { version })).toEqual(document);
});

test("opens with the banner, and has no aliases", () => {
  const text = yamlText("Banner", document);
  expect(text).toMatch(/^# Banner\nopenapi: 3\.1\.0\n/);
  expect(text).not.toMatch(/[&*]a\d/);
});
