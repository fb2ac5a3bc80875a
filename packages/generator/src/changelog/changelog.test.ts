import { expect, test } from "vitest";
import type { MediaType, OpenApiDocument, Operation, Schema } from "../document.ts";
import { changelogFiles } from "./changelog-files.ts";
import { changesIn } from "./changes.ts";

const added = (version: string): Record<string, unknown> => ({ "x-addedInMatrixVersion": version });
const changed = (...versions: string[]): Record<string, unknown> => ({ "x-changedInMatrixVersion": versions });
const deprecated = (version: string): Record<string, unknown> => ({ "x-deprecatedInMatrixVersion": version });

function documentOf(operation: Operation, components: OpenApiDocument["components"] = {}): OpenApiDocument {
  return {
    openapi: "3.1.1",
    info: { title: "", version: "" },
    paths: { "/a": { get: { operationId: "getA", ...operation } } },
    components,
  };
}

function told(operation: Operation, components?: OpenApiDocument["components"]): string[] {
  return changesIn("api", documentOf(operation, components)).map(
    ({ version, change, kind, operation: at, component, place }) =>
      [version, change, kind, at?.operationId ?? component, place.part, ...place.path].filter(Boolean).join(" "),
  );
}

const json = (schema: Schema): { content: Record<string, MediaType> } => ({
  content: { "application/json": { schema } },
});
const refs = (name: string): { $ref: string } => ({ $ref: `#/components/schemas/${name}` });

test.each<[string, Operation, string[]]>([
  [
    "an operation",
    { ...added("1.2"), ...changed("1.3", "1.4"), ...deprecated("1.5") },
    [
      "1.2 added operation getA",
      "1.3 changed operation getA",
      "1.4 changed operation getA",
      "1.5 deprecated operation getA",
    ],
  ],
  [
    "a parameter",
    { parameters: [{ in: "query", name: "via", ...added("1.2") }] },
    ["1.2 added parameter getA query via"],
  ],
  [
    "a field of the body",
    { requestBody: json({ properties: { a: { properties: { b: added("1.2") } } } }) },
    ["1.2 added field getA body a b"],
  ],
  [
    "fields of lists and maps",
    {
      responses: {
        200: {
          description: "",
          ...json({ properties: { a: { items: { additionalProperties: { properties: { b: added("1.2") } } } } } }),
        },
      },
    },
    ["1.2 added field getA 200 a [] {} b"],
  ],
  [
    "a response and a header",
    { responses: { 403: { description: "", ...added("1.2"), headers: { "Retry-After": added("1.3") } } } },
    ["1.2 added response getA 403", "1.3 added header getA 403 Retry-After"],
  ],
  [
    "an error code",
    { responses: { 403: { description: "", ...json({ oneOf: [refs("M_A"), { ...refs("M_B"), ...added("1.2") }] }) } } },
    ["1.2 added error code getA 403 M_B"],
  ],
  [
    "an error code alone",
    { responses: { 403: { description: "", ...json({ ...refs("M_B"), ...added("1.2") }) } } },
    ["1.2 added error code getA 403 M_B"],
  ],
  [
    "a format",
    { responses: { 200: { description: "", content: { "image/png": added("1.2") } } } },
    ["1.2 added format getA 200 image/png"],
  ],
  [
    "what a field is named like a keyword",
    { requestBody: json({ properties: { properties: added("1.2"), items: added("1.3") } }) },
    ["1.2 added field getA body properties", "1.3 added field getA body items"],
  ],
])("tells %s", (_, operation, want) => {
  expect(told(operation)).toEqual(want);
});

test("tells what is shared once, under its own name", () => {
  const field = { ...refs("Shared"), ...added("1.3") };
  const components: OpenApiDocument["components"] = {
    schemas: {
      Shared: { properties: { a: added("1.2"), b: field } },
      M_NEW: { ...added("1.4") },
      "m.new": { ...added("1.5"), "x-matrix-event-type": "m.new" },
      New: { ...added("1.6") },
    },
    parameters: { Via: { in: "query", name: "via", ...added("1.7") } },
    securitySchemes: { Query: { type: "apiKey", ...deprecated("1.10") } },
    responses: {
      Media: { description: "", headers: { Type: added("1.8") } },
      Merged: { description: "", ...added("1.9") },
    },
  };
  const operation: Operation = {
    parameters: [{ $ref: "#/components/parameters/Via" }],
    requestBody: json(refs("Shared")),
    responses: { 200: { $ref: "#/components/responses/Media" } },
  };
  expect(told(operation, components)).toEqual([
    "1.2 added field Shared a",
    "1.3 added field Shared b",
    "1.4 added error code M_NEW",
    "1.5 added event type m.new",
    "1.6 added schema New",
    "1.7 added parameter Via query via",
    "1.10 deprecated security scheme Query",
    "1.8 added header Media Type",
  ]);
});

test("writes releases newest first, and what several descriptions share once", () => {
  const shared = { schemas: { "m.a": { properties: { b: { ...added("1.2"), ...deprecated("1.10") } } } } };
  const changes = [
    ...changesIn(
      "one",
      documentOf({ ...added("1.9"), responses: { 403: { description: "", ...added("1.10") } } }, shared),
    ),
    ...changesIn("two", documentOf({}, shared)),
  ];
  const files = changelogFiles("made by", changes);
  expect(files.get("openapi/CHANGELOG.md")).toBe(`<!-- made by -->

# What each release of Matrix brought

Newest first; what is not listed is older than v1.1. What many operations share is listed once, under its own name.

## v1.10

### Added

- response \`403\` of \`GET /a\` (\`getA\`)

### Deprecated

- field \`b\` of \`m.a\`

## v1.9

### Added

- operation \`GET /a\` (\`getA\`)

## v1.2

### Added

- field \`b\` of \`m.a\`
`);
  const data = JSON.parse(files.get("openapi/changelog.json") ?? "") as {
    releases: { version: string; changes: object[] }[];
  }; // as written
  expect(data.releases.map(({ version }) => version)).toEqual(["1.10", "1.9", "1.2"]);
  expect(data.releases[2]?.changes).toEqual([
    {
      change: "added",
      kind: "field",
      apis: ["one", "two"],
      operation: null,
      component: "m.a",
      place: { part: null, path: ["b"] },
    },
  ]);
});
