import { resolve, type OpenApiDocument, type Reference } from "../document.ts";
import { inside, refuse, type Place } from "./place.ts";
import { entriesOf, isObject } from "./rewrite.ts";
import { schema30 } from "./schema-3-0.ts";

type Fields = Readonly<Record<string, string>>;

const operations = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
const parameter: Fields = { schema: "Schema", content: "MediaType{}" };

/**
 * What kind of object stands under which key of another, as far as schemas lie on that way; `[]` is a list and `{}` a
 * map of them.
 */
const kinds: Readonly<Record<string, Fields>> = {
  Components: {
    schemas: "Schema{}",
    parameters: "Parameter{}",
    requestBodies: "RequestBody{}",
    responses: "Response{}",
    headers: "Header{}",
    callbacks: "PathItem{}{}",
    securitySchemes: "SecurityScheme{}",
    examples: "Example{}",
    links: "Link{}",
  },
  PathItem: { parameters: "Parameter[]", ...Object.fromEntries(operations.map((method) => [method, "Operation"])) },
  Operation: {
    parameters: "Parameter[]",
    requestBody: "RequestBody",
    responses: "Response{}",
    callbacks: "PathItem{}{}",
  },
  Parameter: { ...parameter, examples: "Example{}" },
  Header: { ...parameter, examples: "Example{}" },
  RequestBody: { content: "MediaType{}" },
  Response: { headers: "Header{}", content: "MediaType{}", links: "Link{}" },
  MediaType: { schema: "Schema", encoding: "Encoding{}", examples: "Example{}" },
  Encoding: { headers: "Header{}" },
  SecurityScheme: {},
  Example: {},
  Link: {},
};

/** Maps of these are objects of OpenAPI's own, which may have extensions; elsewhere a name may start as it likes. */
const extensible = ["PathItem", "PathItem{}", "Response"];

/** Converts what stands around schemas, and with it the schemas themselves. */
export function objects30(document: OpenApiDocument, kind: string, value: unknown, place: Place): unknown {
  if (kind === "Schema") return schema30(value, place);
  if (kind.endsWith("[]")) {
    const each = kind.slice(0, -"[]".length);
    const list: unknown[] = Array.isArray(value) ? value : [];
    return list.map((entry, index) => objects30(document, each, entry, inside(place, index)));
  }
  const reference = isReference(value) ? value : undefined;
  if (kind.endsWith("{}")) {
    if (reference !== undefined) return reference; // a callback
    const each = kind.slice(0, -"{}".length);
    return mapEntries(value, (key, entry) =>
      key.startsWith("x-") && extensible.includes(each) ? entry : objects30(document, each, entry, inside(place, key)),
    );
  }
  if (reference !== undefined) return reference30(document, kind, reference, place);
  const fields = kinds[kind] ?? {};
  return mapEntries(prepare(kind, value, place), (key, entry) =>
    Object.hasOwn(fields, key) ? objects30(document, fields[key] ?? "", entry, inside(place, key)) : entry,
  );
}

/** A reference of 3.0 has nothing beside it, and there are no path items to refer to: these are written out. */
function reference30(document: OpenApiDocument, kind: string, reference: Reference, place: Place): unknown {
  const { $ref, ...others } = reference;
  const { summary, description } = others as Record<string, unknown>; // the two that 3.1 lets override
  const overrides = {
    ...(summary !== undefined && ["PathItem", "Example"].includes(kind) && { summary }),
    ...(description !== undefined && { description }),
  };
  if (kind !== "PathItem" && Object.keys(others).length === 0) return reference;
  const target = resolve<object>(document, { $ref });
  return objects30(document, kind, { ...target, ...(kind === "PathItem" ? others : overrides) }, place);
}

/** What an object of this kind has in 3.1 and not in 3.0. */
function prepare(kind: string, value: unknown, place: Place): unknown {
  if (!isObject(value)) return value;
  if (kind === "Components") {
    const { pathItems: _, ...others } = value; // written out where they are used
    return others;
  }
  if (kind === "Operation" && value["responses"] === undefined) {
    refuse(place, "the operation has no responses, and 3.0 asks for them.", "Describe at least one.");
  }
  if (kind === "SecurityScheme" && value["type"] === "mutualTLS") {
    refuse(place, "3.0 has no security by mutual TLS.", "Describe it in words.");
  }
  if (kind === "MediaType" && value["schema"] === undefined) return withBody(value, place);
  return value;
}

/** 3.1 describes bytes by no schema at all; in 3.0 that would be JSON of any kind. */
function withBody(media: object, { pointer }: Place): object {
  const mediaType = pointer.slice(pointer.lastIndexOf("/") + 1).replaceAll("~1", "/");
  if (/json/.test(mediaType)) return media;
  const isText = mediaType.startsWith("text/");
  return { schema: { type: "string", ...(!isText && { format: "binary" }) }, ...media };
}

function isReference(value: unknown): value is Reference {
  return isObject(value) && typeof value["$ref"] === "string";
}

function mapEntries(value: unknown, change: (key: string, entry: unknown) => unknown): unknown {
  return isObject(value)
    ? Object.fromEntries(entriesOf(value).map(([key, entry]) => [key, change(key, entry)]))
    : value;
}
