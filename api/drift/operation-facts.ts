import { errcodesAddedIn, errcodesIn } from "./errcodes-in.ts";
import type { Documents } from "./follow-refs.ts";
import { fieldsOf, isObject, itemsOf, mapValues, type JsonObject } from "./json.ts";
import { schemaFacts, versionFacts } from "./schema-facts.ts";
import { textHints } from "./text-hints.ts";
import { upgradeSwagger } from "./upgrade-swagger.ts";

/** The facts of every operation in one folder of the checkout, such as `data/api/identity`. */
export function operationFacts(documents: Documents, folder: string): JsonObject[] {
  return documents
    .list(folder)
    .flatMap((file) => operationsIn(documents, file))
    .toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

const methods = ["get", "put", "post", "delete"];

function sortKey({ path, method, operationId }: JsonObject): string {
  return `${String(path)}\0${methods.indexOf(String(method).toLowerCase())}\0${String(operationId)}`;
}

function operationsIn(documents: Documents, file: string): JsonObject[] {
  const document = upgradeSwagger(documents, documents.load(file));
  const base = basePath(document);
  const source = file.replace(/^.*\/|\.yaml$/g, "");
  return fieldsOf(document["paths"]).flatMap(([path, pathItem]) =>
    fieldsOf(documents.follow(pathItem))
      .filter(([method]) => methods.includes(method))
      .map(([method, operation]) => {
        const fullPath = `${base}${path.trim()}`;
        const pathParams = isObject(pathItem) ? pathItem["parameters"] : [];
        const { operationId, ...facts } = describe(documents, fullPath, operation as JsonObject, pathParams); // one of its methods
        return { operationId, method: method.toUpperCase(), path: fullPath, source, ...facts };
      }),
  );
}

function basePath(document: JsonObject): string {
  const [server] = itemsOf(document["servers"]) as { variables?: { basePath?: { default?: string } } }[]; // checked by the `?.`
  return (server?.variables?.basePath?.default ?? "").replace(/\/$/, "");
}

function describe(documents: Documents, path: string, operation: JsonObject, pathParams: unknown): JsonObject {
  const { operationId, tags, deprecated, requestBody } = operation;
  const responses = mapValues(operation["responses"], (response) => documents.follow(response));
  const body = requestBody === undefined ? undefined : documents.follow(requestBody);
  const inResponses = errcodesIn(documents, operation["responses"]);
  const elsewhere = errcodesIn(documents, { ...operation, responses: undefined }).filter(
    (code) => !inResponses.includes(code),
  );
  return {
    operationId,
    tags: itemsOf(tags),
    deprecated: deprecated === true,
    ...versionFacts(operation),
    auth: authFacts(operation["security"]),
    rateLimited: "429" in responses,
    uia: isUserInteractive(documents, responses["401"]),
    params: paramsFacts(documents, path, [...itemsOf(pathParams), ...itemsOf(operation["parameters"])]),
    requestContentTypes: Object.keys(body?.["content"] ?? {}),
    ...(body !== undefined && {
      requestBody: { required: body["required"] === true, content: contentFacts(documents, body["content"]) },
    }),
    responses: mapValues(responses, (response) => responseFacts(documents, response as JsonObject)), // followed above
    ...(elsewhere.length > 0 && { errcodesElsewhere: elsewhere }),
  };
}

function authFacts(security: unknown): JsonObject {
  const alternatives = itemsOf(security).map((requirement) => fieldsOf(requirement).map(([scheme]) => scheme));
  const schemes = alternatives.flat().toSorted();
  if (schemes.length === 0) return { mode: "none" };
  return {
    mode: alternatives.some((names) => names.length === 0) ? "optional" : "required",
    schemes,
    ...(schemes.every((scheme) => scheme.startsWith("appservice")) && { appserviceOnly: true }),
  };
}

function isUserInteractive(documents: Documents, response: unknown): boolean {
  if (!isObject(response) || !isObject(response["content"])) return false;
  const json = response["content"]["application/json"];
  const schema = schemaFacts(documents, isObject(json) ? json["schema"] : {});
  return isObject(schema["properties"]) && "flows" in schema["properties"];
}

/** In the order of the path, then by place and name. */
function paramsFacts(documents: Documents, path: string, written: readonly unknown[]): JsonObject[] {
  const places = ["path", "query", "header"];
  const order = ({ name, in: place }: JsonObject): string => {
    const rank = place === "path" ? String(path.indexOf(`{${String(name)}}`)).padStart(3, "0") : String(name);
    return `${places.indexOf(String(place))}${rank}`;
  };
  return written.map((param) => paramFacts(documents, param)).toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
}

function paramFacts(documents: Documents, written: unknown): JsonObject {
  const { name, in: place, required, schema, deprecated, ...rest } = documents.follow(written);
  const facts = schemaFacts(documents, schema);
  return {
    name,
    in: place,
    required: required === true,
    ...(deprecated === true && { deprecated }),
    ...facts,
    ...textHints(facts, rest["description"]),
    ...versionFacts(rest),
  };
}

function contentFacts(documents: Documents, content: unknown): JsonObject {
  return mapValues(content, (media) => schemaFacts(documents, isObject(media) ? media["schema"] : {}));
}

function responseFacts(documents: Documents, response: JsonObject): JsonObject {
  const { content, headers } = response;
  const errcodes = errcodesIn(documents, response);
  const addedIn = errcodesAddedIn(response["description"]);
  return {
    ...versionFacts(response),
    content: contentFacts(documents, content),
    ...(errcodes.length > 0 && { errcodes }),
    ...(Object.keys(addedIn).length > 0 && { errcodesAddedIn: addedIn }),
    ...(isObject(headers) && { headers: mapValues(headers, (header) => headerFacts(documents, header)) }),
  };
}

function headerFacts(documents: Documents, written: unknown): JsonObject {
  const { required, schema, ...rest } = documents.follow(written);
  return { required: required === true, ...schemaFacts(documents, schema), ...versionFacts(rest) };
}
