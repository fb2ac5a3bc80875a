import type { Documents } from "./follow-refs.ts";
import { fieldsOf, isObject, itemsOf, mapValues, type JsonObject } from "./json.ts";

/** A Swagger 2.0 file (upstream's form up to v1.7) as the OpenAPI 3 it became in v1.8. */
export function upgradeSwagger(documents: Documents, document: JsonObject): JsonObject {
  if (document["swagger"] === undefined) return document;
  const operation = (written: unknown): unknown =>
    isObject(written) ? upgradeOperation(documents, document, written) : written;
  return {
    servers: [{ variables: { basePath: { default: document["basePath"] } } }],
    paths: mapValues(document["paths"], (pathItem) => mapValues(documents.follow(pathItem), operation)),
  };
}

function upgradeOperation(documents: Documents, document: JsonObject, operation: JsonObject): JsonObject {
  const { parameters, security, responses, consumes = document["consumes"], ...rest } = operation;
  const params = itemsOf(parameters).map((param) => documents.follow(param));
  const body = params.find((param) => param["in"] === "body");
  const produces = operation["produces"] ?? document["produces"];
  return {
    ...rest,
    ...(security !== undefined && { security: itemsOf(security).map(upgradeRequirement) }),
    parameters: params.filter((param) => param["in"] !== "body").map(upgradeParam),
    ...(body !== undefined && {
      requestBody: { required: body["required"] === true, content: content(consumes, body["schema"], undefined) },
    }),
    responses: Object.fromEntries(
      fieldsOf(responses).map(([status, response]) => [
        status.toUpperCase(),
        upgradeResponse(documents.follow(response), produces),
      ]),
    ),
  };
}

/** One scheme, `accessToken`, stood for the header and the query alike. */
function upgradeRequirement(requirement: unknown): JsonObject {
  return Object.fromEntries(
    fieldsOf(requirement).flatMap(([scheme]) =>
      ["Bearer", "Query"].map((form) => [scheme.endsWith("Token") ? `${scheme}${form}` : scheme, []] as const),
    ),
  );
}

/** In Swagger 2.0 a parameter is its own schema. */
function upgradeParam(param: JsonObject): JsonObject {
  const { name, in: place, required, description, schema, ...own } = param;
  const versions = Object.fromEntries(Object.entries(own).filter(([key]) => key.endsWith("InMatrixVersion")));
  return { name, in: place, required, description, ...versions, schema: schema ?? own };
}

function upgradeResponse(response: JsonObject, produces: unknown): JsonObject {
  const { schema, examples, headers, ...rest } = response;
  return {
    ...rest,
    ...(isObject(headers) && { headers: mapValues(headers, (header) => ({ schema: header })) }),
    ...(schema !== undefined && { content: content(produces, schema, examples) }),
  };
}

function content(types: unknown, schema: unknown, examples: unknown): JsonObject {
  const [first = "application/json"] = itemsOf(types);
  return { [String(first)]: { schema, ...(examples !== undefined && { examples }) } };
}
