import { resolve, type OpenApiDocument, type Operation, type Parameter, type Schema } from "./document.ts";
import { operationsOf } from "./operations.ts";

/** What a request and a response have to look like, as schemas: for each operation, for each part. */
export interface ValidatorSchemas {
  /** Path and query values arrive as strings; these are coerced. */
  readonly parameters: SchemaTable;
  readonly bodies: SchemaTable;
  readonly responses: SchemaTable;
}

export type SchemaTable = ReadonlyMap<string, Readonly<Record<string, Schema>>>;

/** Collects the schemas to make validators from. */
export function validatorSchemas(document: OpenApiDocument): ValidatorSchemas {
  const operations = operationsOf(document);
  return {
    parameters: new Map(
      operations.map(({ operationId, parameters }) => [
        operationId,
        { ...parametersOf("path", parameters), ...parametersOf("query", parameters) },
      ]),
    ),
    bodies: new Map(operations.map(({ operationId, operation }) => [operationId, requestBody(document, operation)])),
    responses: new Map(operations.map(({ operationId, operation }) => [operationId, responses(document, operation)])),
  };
}

function parametersOf(place: "path" | "query", parameters: readonly Parameter[]): Record<string, Schema> {
  const here = parameters.filter((parameter) => parameter.in === place);
  if (here.length === 0) return {};
  const required = here.filter((parameter) => parameter.required === true).map(({ name }) => name);
  const properties = Object.fromEntries(here.map(({ name, schema }) => [name, schema ?? {}]));
  return { [place]: { type: "object", properties, ...(required.length > 0 && { required }) } };
}

function requestBody(document: OpenApiDocument, operation: Operation): Record<string, Schema> {
  const content = operation.requestBody && resolve(document, operation.requestBody).content;
  const body = content?.["application/json"]?.schema;
  if (body === undefined) return {};
  const auth = operation["x-matrix-uia"] === undefined ? undefined : findAuth(document, body);
  return auth === undefined ? { body } : { body: relaxAuth(document, body), auth };
}

function responses(document: OpenApiDocument, operation: Operation): Record<string, Schema> {
  return Object.fromEntries(
    Object.entries(operation.responses ?? {}).flatMap(([status, response]) => {
      const schema = resolve(document, response).content?.["application/json"]?.schema;
      return schema === undefined ? [] : [[status, schema]];
    }),
  );
}

function findAuth(document: OpenApiDocument, schema: Schema): Schema | undefined {
  const resolved = resolve<Schema>(document, schema);
  if (resolved.properties?.["auth"] !== undefined) return resolved.properties["auth"];
  for (const branch of branches(resolved)) {
    const auth = findAuth(document, branch);
    if (auth !== undefined) return auth;
  }
  return undefined;
}

/** A malformed attempt has to be answered with a fresh challenge, so the body lets any object through as `auth` (https://spec.matrix.org/v1.19/client-server-api/#user-interactive-api-in-the-rest-api). */
function relaxAuth(document: OpenApiDocument, schema: Schema): Schema {
  if (findAuth(document, schema) === undefined) return schema;
  const { properties, allOf, anyOf, oneOf, ...rest } = resolve<Schema>(document, schema);
  const relax = (branch: Schema): Schema => relaxAuth(document, branch);
  return {
    ...rest,
    ...(properties && { properties: properties["auth"] ? { ...properties, auth: { type: "object" } } : properties }),
    ...(allOf && { allOf: allOf.map(relax) }),
    ...(anyOf && { anyOf: anyOf.map(relax) }),
    ...(oneOf && { oneOf: oneOf.map(relax) }),
  };
}

function branches({ allOf = [], anyOf = [], oneOf = [] }: Schema): Schema[] {
  return [...allOf, ...anyOf, ...oneOf];
}
