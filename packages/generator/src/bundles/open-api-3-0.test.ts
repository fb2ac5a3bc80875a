import { expect, test } from "vitest";
import type { OpenApiDocument, Operation, Response } from "../document.ts";
import { openApi30 } from "./open-api-3-0.ts";

const info = { title: "A", version: "1" };
const ok: Response = { description: "ok" };

test.each<[string, Partial<OpenApiDocument>, Partial<OpenApiDocument>]>([
  ["a document without paths", {}, { openapi: "3.0.3", info, paths: {} }],
  [
    "what is not about schemas",
    { servers: [{ url: "/" }], tags: [{ name: "a" }], security: [{ token: [] }, {}], "x-generated": "g" },
    { servers: [{ url: "/" }], tags: [{ name: "a" }], security: [{ token: [] }, {}], "x-generated": "g", paths: {} },
  ],
  [
    "a summary and a licence",
    { info: { ...info, summary: "S.", description: "D.", license: { name: "MIT", identifier: "MIT" } } },
    {
      info: {
        ...info,
        description: "S.\n\nD.",
        license: { name: "MIT", url: "https://spdx.org/licenses/MIT.html" },
      },
    },
  ],
  [
    "security schemes",
    { components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } } },
    { components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } } },
  ],
  [
    "a path item that is a component",
    {
      paths: { "/a": { $ref: "#/components/pathItems/a", description: "Here." } },
      components: { pathItems: { a: { get: { responses: { 200: ok } } } }, schemas: {} },
    },
    { paths: { "/a": { get: { responses: { 200: ok } }, description: "Here." } }, components: { schemas: {} } },
  ],
])("converts %s", (_, given, want) => {
  const { document } = openApi30({ openapi: "3.1.0", info, ...given });
  expect(document).toMatchObject(want);
  expect(JSON.stringify(document)).not.toContain("pathItems");
});

const nothing = { const: "a" };
const converted = { type: "string", enum: ["a"] };

test.each<[string, Operation, Operation]>([
  [
    "the schemas of parameters, headers and bodies, and no example",
    {
      parameters: [{ name: "schema", in: "query", schema: nothing, example: { schema: nothing } }],
      requestBody: { content: { "application/json": { schema: nothing, examples: { a: { value: nothing } } } } },
      responses: { 200: { description: "", headers: { "x-a": { schema: nothing } }, content: {} } },
      "x-a": { schema: nothing },
    },
    {
      parameters: [{ name: "schema", in: "query", schema: converted, example: { schema: nothing } }],
      requestBody: { content: { "application/json": { schema: converted, examples: { a: { value: nothing } } } } },
      responses: { 200: { description: "", headers: { "x-a": { schema: converted } }, content: {} } },
      "x-a": { schema: nothing },
    },
  ],
  [
    "bodies without a schema",
    { responses: { 200: { ...ok, content: { "*/*": {}, "text/html": { example: "<p>" }, "application/json": {} } } } },
    {
      responses: {
        200: {
          ...ok,
          content: {
            "*/*": { schema: { type: "string", format: "binary" } },
            "text/html": { schema: { type: "string" }, example: "<p>" },
            "application/json": {},
          },
        },
      },
    },
  ],
  [
    "a reference",
    { responses: { 200: { $ref: "#/components/responses/R" } } },
    { responses: { 200: { $ref: "#/components/responses/R" } } },
  ],
  [
    "a reference that says more",
    { responses: { 200: { $ref: "#/components/responses/R", description: "Here." } as Response } },
    { responses: { 200: { description: "Here.", content: { "application/json": { schema: converted } } } } },
  ],
  [
    "callbacks",
    {
      responses: {},
      callbacks: {
        a: { "{$url}": { post: { requestBody: { content: { "a/json": { schema: nothing } } }, responses: {} } } },
      },
    } as Operation,
    {
      responses: {},
      callbacks: {
        a: { "{$url}": { post: { requestBody: { content: { "a/json": { schema: converted } } }, responses: {} } } },
      },
    } as Operation,
  ],
])("converts %s of an operation", (_, given, want) => {
  const response = { description: "There.", content: { "application/json": { schema: nothing } } };
  const components = { responses: { R: response } };
  expect(openApi30({ openapi: "3.1.0", info, paths: { "/a": { post: given } }, components }).document).toEqual({
    openapi: "3.0.3",
    info,
    paths: { "/a": { post: want } },
    components: { responses: { R: { ...response, content: { "application/json": { schema: converted } } } } },
  });
});

test("names every place that it cannot convert", () => {
  const given: OpenApiDocument = {
    openapi: "3.1.0",
    info,
    jsonSchemaDialect: "https://example.org/dialect",
    webhooks: { a: {} },
    paths: { "/a/{b}": { get: {} } },
    components: {
      schemas: { A: { patternProperties: {} } },
      securitySchemes: { m: { type: "mutualTLS" } },
    },
  };
  expect(openApi30(given).refusals.map(({ pointer, found }) => `${pointer}: ${found}`)).toEqual([
    "#/jsonSchemaDialect: 3.0 has one dialect only.",
    "#/webhooks: 3.0 has no webhooks.",
    "#/paths/~1a~1{b}/get: the operation has no responses, and 3.0 asks for them.",
    '#/components/schemas/A/patternProperties: "patternProperties" cannot be said in OpenAPI 3.0.',
    "#/components/securitySchemes/m: 3.0 has no security by mutual TLS.",
  ]);
});

test("takes nothing but OpenAPI 3.1", () => {
  expect(openApi30({ openapi: "3.2.0", info }).refusals).toMatchObject([{ pointer: "#/openapi" }]);
});
