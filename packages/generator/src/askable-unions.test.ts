import { expect, test } from "vitest";
import { askableUnions } from "./askable-unions.ts";
import type { OpenApiDocument, Schema } from "./document.ts";

const a: Schema = { type: "object", required: ["type"], properties: { type: { const: "a" } } };
const b: Schema = { type: "object", required: ["type"], properties: { type: { enum: ["b", "c"] } } };
const untagged: Schema = { type: "object", required: ["session"], properties: { type: { not: {} } } };
const open: Schema = { type: "object", required: ["type"], properties: { type: { type: "string" } } };
const attempt: Schema = { oneOf: [a, b], discriminator: { propertyName: "type" } };
const document: OpenApiDocument = {
  openapi: "3.1.1",
  info: { title: "", version: "" },
  components: { schemas: { Attempt: attempt } },
};
const attemptRef: Schema = { $ref: "#/components/schemas/Attempt" };
const hasType = { required: ["type"] };

test.each<[string, Schema, Schema]>([
  [
    "a usable discriminator stays, without its mapping",
    { oneOf: [a, b], discriminator: { propertyName: "type", mapping: { a: "x" } } },
    { type: "object", oneOf: [a, b], discriminator: { propertyName: "type" } },
  ],
  [
    "one that a branch has no value for goes",
    { oneOf: [a, open], discriminator: { propertyName: "type" } },
    { oneOf: [a, open] },
  ],
  [
    "an untagged branch is asked for by itself",
    { oneOf: [a, untagged, b] },
    {
      type: "object",
      if: hasType,
      then: { type: "object", oneOf: [a, b], discriminator: { propertyName: "type" } },
      else: untagged,
    },
  ],
  [
    "and so beside a union",
    { anyOf: [attemptRef, untagged] },
    { type: "object", if: hasType, then: attemptRef, else: untagged },
  ],
  ["nothing forbids the tag: stays", { anyOf: [a, open] }, { anyOf: [a, open] }],
  [
    "something neither forbids nor requires it: stays",
    { anyOf: [attemptRef, untagged, {}] },
    { anyOf: [attemptRef, untagged, {}] },
  ],
])("%s", (_, union, expected) => {
  expect(askableUnions(document, union)).toEqual(expected);
});
