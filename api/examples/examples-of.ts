/** One value that a description shows, its place (a JSON pointer), and the schema that it has to fit. */
export interface Example {
  readonly at: string;
  readonly schema: object;
  readonly value: unknown;
}

/**
 * Every example and every default of a bundled description: those of schemas, however deep, of media types, of
 * parameters and of headers.
 */
export function* examplesOf(description: object): Generator<Example> {
  yield* inNode(description, "", description);
}

/** Outside of schemas: whatever has a schema (media type, parameter, header) may show values of it. */
function* inNode(node: unknown, at: string, description: object): Generator<Example> {
  if (!isObject(node)) return;
  const schema = node["schema"];
  if (isObject(schema)) {
    if (node["example"] !== undefined) yield { at: `${at}/example`, schema, value: node["example"] };
    for (const [name, written] of entries(node["examples"])) {
      const value = isObject(written) && dereference(written, description)["value"];
      yield { at: `${at}/examples/${escape(name)}`, schema, value };
    }
  }
  for (const [key, child] of entries(node)) {
    if (key === "example" || key === "examples" || key.startsWith("x-")) continue;
    const childAt = `${at}/${escape(key)}`;
    if (key === "schema") yield* inSchema(child, childAt);
    else if (childAt === "/components/schemas") yield* inSchemas(child, childAt);
    else yield* inNode(child, childAt, description);
  }
}

const keywordsWithSchema = ["additionalProperties", "contains", "else", "if", "items", "not", "propertyNames", "then"];
const keywordsWithSchemas = ["allOf", "anyOf", "oneOf", "prefixItems", "properties", "$defs", "dependentSchemas"];

function* inSchema(schema: unknown, at: string): Generator<Example> {
  if (!isObject(schema)) return;
  if (schema["example"] !== undefined) yield { at: `${at}/example`, schema, value: schema["example"] };
  if (schema["default"] !== undefined) yield { at: `${at}/default`, schema, value: schema["default"] };
  for (const [index, value] of entries(schema["examples"])) yield { at: `${at}/examples/${index}`, schema, value };
  for (const keyword of keywordsWithSchema) yield* inSchema(schema[keyword], `${at}/${keyword}`);
  for (const keyword of keywordsWithSchemas) yield* inSchemas(schema[keyword], `${at}/${keyword}`);
}

function* inSchemas(schemas: unknown, at: string): Generator<Example> {
  for (const [key, schema] of entries(schemas)) yield* inSchema(schema, `${at}/${escape(key)}`);
}

function dereference(node: Record<string, unknown>, description: object): Record<string, unknown> {
  const reference = node["$ref"];
  if (typeof reference !== "string") return node;
  const keys = reference.slice(2).split("/").map(unescape);
  const target = keys.reduce<unknown>((parent, key) => (isObject(parent) ? parent[key] : undefined), description);
  if (!isObject(target)) throw new Error(`${reference} leads nowhere; bundle the description first`);
  return target;
}

function entries(node: unknown): [string, unknown][] {
  return typeof node === "object" && node !== null ? Object.entries(node) : [];
}

function isObject(node: unknown): node is Record<string, unknown> {
  return typeof node === "object" && node !== null;
}

/** https://www.rfc-editor.org/rfc/rfc6901#section-3 */
function escape(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

function unescape(key: string): string {
  return key.replaceAll("~1", "/").replaceAll("~0", "~");
}
