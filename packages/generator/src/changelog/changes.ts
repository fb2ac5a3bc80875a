import { componentName, type OpenApiDocument, type Operation } from "../document.ts";
import { operationsOf } from "../operations.ts";

/** One thing that a release of the specification added, changed or deprecated. */
export interface Change {
  readonly version: string;
  readonly change: "added" | "changed" | "deprecated";
  readonly kind: ChangeKind;
  /** The descriptions that have it. */
  readonly apis: readonly string[];
  /** The operation it belongs to; null where it belongs to a component. */
  readonly operation: { readonly operationId: string; readonly method: string; readonly path: string } | null;
  /** The shared component it belongs to, or is: a schema, an event type, an error code, a parameter, a response. */
  readonly component: string | null;
  /** Where in it. */
  readonly place: ChangePlace;
}

/** A place in an operation or a component; without part and path, the thing itself. */
export interface ChangePlace {
  /** `body`, the status of a response, or where a parameter goes; null in a schema and in what has no parts. */
  readonly part: string | null;
  /** Names from the outside in: a parameter, header, format, error code or field; `[]` is in a list, `{}` in a map. */
  readonly path: readonly string[];
}

/** What sort of thing changed. */
export type ChangeKind =
  | "operation"
  | "parameter"
  | "header"
  | "response"
  | "format"
  | "field"
  | "form"
  | "error code"
  | "event type"
  | "schema"
  | "security scheme";

/** All changes that a description's extensions tell; what is shared is told once, under its own name. */
export function changesIn(api: string, document: OpenApiDocument): Change[] {
  return [...operationChanges(api, document), ...componentChanges(api, document)];
}

type Owner = Pick<Change, "apis" | "operation" | "component">;

const itself: ChangePlace = { part: null, path: [] };

function operationChanges(api: string, document: OpenApiDocument): Change[] {
  return operationsOf(document).flatMap(({ operationId, method, path, operation }) => {
    const owner: Owner = { apis: [api], operation: { operationId, method, path }, component: null };
    const pathItem = document.paths?.[path] ?? {};
    return [
      ...told(owner, "operation", itself, operation),
      ...parameterChanges(owner, pathItem.parameters),
      ...partChanges(owner, operation),
    ];
  });
}

function partChanges(owner: Owner, { parameters, requestBody, responses }: Operation): Change[] {
  return [
    ...parameterChanges(owner, parameters),
    ...contentChanges(owner, { part: "body", path: [] }, requestBody),
    ...entriesOf(responses).flatMap(([part, response]) => responseChanges(owner, { part, path: [] }, response)),
  ];
}

function parameterChanges(owner: Owner, parameters: unknown): Change[] {
  const inline = Array.isArray(parameters) ? (parameters as unknown[]).filter(isInline) : []; // isArray says any[]
  return inline.flatMap((parameter) => told(owner, "parameter", parameterPlace(parameter), parameter));
}

function parameterPlace(parameter: Node): ChangePlace {
  return { part: String(parameter["in"]), path: [String(parameter["name"])] };
}

function responseChanges(owner: Owner, place: ChangePlace, response: unknown): Change[] {
  if (!isInline(response)) return [];
  const headers = entriesOf(response["headers"]).filter(([, header]) => isInline(header));
  return [
    ...told(owner, "response", place, response),
    ...headers.flatMap(([name, header]) => told(owner, "header", inside(place, name), header)),
    ...contentChanges(owner, place, response),
  ];
}

function contentChanges(owner: Owner, place: ChangePlace, holder: unknown): Change[] {
  if (!isInline(holder)) return [];
  return entriesOf(holder["content"]).flatMap(([type, media]) => [
    ...told(owner, "format", inside(place, type), media),
    ...(isNode(media) ? schemaChanges(owner, place, media["schema"]) : []),
  ]);
}

function componentChanges(api: string, document: OpenApiDocument): Change[] {
  const { components = {} } = document;
  const text = JSON.stringify(document);
  return Object.entries(components).flatMap(([section, members]) =>
    entriesOf(members).flatMap(([name, member]) => {
      // A response that common errors were merged into was copied to its operations, and is told there.
      if (!isInline(member) || (section === "responses" && !text.includes(`"#/components/responses/${name}"`)))
        return [];
      const owner: Owner = { apis: [api], operation: null, component: name };
      if (section === "schemas") {
        return [...told(owner, schemaKind(name, member), itself, member), ...fieldChanges(owner, itself, member)];
      }
      if (section === "parameters") return told(owner, "parameter", parameterPlace(member), member);
      if (section === "securitySchemes") return told(owner, "security scheme", itself, member);
      if (section === "headers") return told(owner, "header", itself, member);
      if (section === "responses") return responseChanges(owner, itself, member);
      return section === "requestBodies" ? contentChanges(owner, { part: "body", path: [] }, member) : [];
    }),
  );
}

function schemaKind(name: string, schema: Node): ChangeKind {
  if (isErrcode(name)) return "error code";
  return "x-matrix-event-type" in schema ? "event type" : "schema";
}

/** Error codes are the only components named in the grammar of the codes. */
function isErrcode(name: string): boolean {
  return /^M_[A-Z0-9_]+$/.test(name);
}

/** A schema at a place: itself, where it is a reference with a version beside it, and the fields inside. */
function schemaChanges(owner: Owner, place: ChangePlace, schema: unknown): Change[] {
  if (!isNode(schema)) return [];
  const name = formName(schema);
  return [
    ...told(owner, isErrcode(name) ? "error code" : "form", name === "" ? place : inside(place, name), schema),
    ...fieldChanges(owner, place, schema),
  ];
}

function formName({ $ref: ref }: Node): string {
  return typeof ref === "string" ? componentName(ref) : "";
}

/**
 * Fields of the schema and of the schemas written inside it; never of what it references, which has a name of its own.
 */
function fieldChanges(owner: Owner, place: ChangePlace, schema: unknown): Change[] {
  if (!isInline(schema)) return [];
  const fields = ["properties", "patternProperties"].flatMap((key) => entriesOf(schema[key]));
  const nested = [
    ["[]", schema["items"]],
    ["{}", schema["additionalProperties"]],
  ] as const;
  const forms = ["allOf", "anyOf", "oneOf"].flatMap(
    (key) => (Array.isArray(schema[key]) ? (schema[key] as unknown[]) : []), // likewise any[]
  );
  return [
    ...fields.flatMap(([name, field]) => {
      const at = inside(place, name);
      return [...told(owner, "field", at, field), ...fieldChanges(owner, at, field)];
    }),
    ...nested.flatMap(([mark, each]) => schemaChanges(owner, inside(place, mark), each)),
    ...forms.flatMap((form) => schemaChanges(owner, place, form)),
  ];
}

const extensions = {
  added: "x-addedInMatrixVersion",
  changed: "x-changedInMatrixVersion",
  deprecated: "x-deprecatedInMatrixVersion",
} as const;

/** What the extensions of one node tell about it. */
function told(owner: Owner, kind: ChangeKind, place: ChangePlace, node: unknown): Change[] {
  if (!isNode(node)) return [];
  return (["added", "changed", "deprecated"] as const).flatMap((change) => {
    const versions = [node[extensions[change]] ?? []].flat();
    return versions.map((version) => ({ version: String(version), change, kind, ...owner, place }));
  });
}

type Node = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is written here, rather than a reference to a component, whose changes are told under its own name. */
function isInline(value: unknown): value is Node {
  return isNode(value) && typeof value["$ref"] !== "string";
}

function entriesOf(value: unknown): [string, unknown][] {
  return isNode(value) ? Object.entries(value) : [];
}

function inside({ part, path }: ChangePlace, name: string): ChangePlace {
  return { part, path: [...path, name] };
}
