import { expect, test } from "vitest";
import type { OpenApiDocument, Operation } from "../document.ts";
import { tagSubsets } from "./tag-subsets.ts";

const ref = (name: string): { $ref: string } => ({ $ref: `#/components/${name}` });
const answer = (schema: string): Operation["responses"] & object => ({
  200: { description: "", content: { "application/json": { schema: ref(`schemas/${schema}`) } } },
});

const document: OpenApiDocument = {
  openapi: "3.1.0",
  "x-generated": "g",
  info: { title: "Tiny", version: "1" },
  tags: [{ name: "Device management", description: "Devices." }, { name: "Rooms" }],
  paths: {
    "/devices": {
      parameters: [ref("parameters/P")],
      get: { tags: ["Device management"], security: [{ token: [] }], responses: answer("Tree") },
      post: { tags: ["Rooms"], responses: answer("Union") },
    },
    "/untagged": { get: { responses: answer("Unused") } },
  },
  components: {
    parameters: { P: { name: "p", in: "query", schema: ref("schemas/Id") }, Q: { name: "q", in: "query" } },
    responses: { R: { description: "" } },
    securitySchemes: { token: { type: "http" }, other: { type: "http" } },
    schemas: {
      Id: { type: "string" },
      Tree: { type: "array", items: ref("schemas/Tree") },
      Union: { discriminator: { propertyName: "t", mapping: { a: "#/components/schemas/A" } } },
      A: {},
      Unused: {},
    },
  },
};

test("gives each tag its operations and what these need, and nothing else", () => {
  const subsets = tagSubsets(document);
  expect([...subsets.keys()]).toEqual(["device-management", "rooms"]);
  const { paths, components } = document;
  expect(subsets.get("device-management")).toEqual({
    openapi: "3.1.0",
    "x-generated": "g",
    info: { title: "Tiny: Device management", version: "1" },
    tags: [{ name: "Device management", description: "Devices." }],
    paths: { "/devices": { parameters: [ref("parameters/P")], get: paths?.["/devices"]?.["get"] } },
    components: {
      parameters: { P: components?.parameters?.["P"] },
      securitySchemes: { token: { type: "http" } },
      schemas: { Id: { type: "string" }, Tree: components?.schemas?.["Tree"] },
    },
  });
});

test("follows discriminators, and keeps what security the whole document asks for", () => {
  const rooms = tagSubsets({ ...document, security: [{ other: [] }] }).get("rooms");
  expect(rooms?.components).toEqual({
    parameters: { P: document.components?.parameters?.["P"] },
    securitySchemes: { other: { type: "http" } },
    schemas: { Id: { type: "string" }, Union: document.components?.schemas?.["Union"], A: {} },
  });
});

test.each([
  [["Room", "room"], 'the tags "Room" and "room" would both become the file room.json.'],
  [["…"], 'the tag "…" has no letter or digit to name a file after.'],
])("refuses the tags %j", (tags, message) => {
  expect(() => tagSubsets({ ...document, paths: { "/a": { get: { tags } } } })).toThrow(message);
});
