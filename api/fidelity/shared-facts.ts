import { type OperationFacts, readFacts, type ResponseFacts } from "./facts.ts";
import type { Schema } from "./schema.ts";

/**
 * Leaves out of an operation's facts what is compared once for all of them: how to authenticate interactively, and
 * what an error has beside its code.
 */
export function withSharedParts(operation: OperationFacts): OperationFacts {
  const interactive = operation.uia === true || operation.uiaUndocumented !== undefined;
  const responses = Object.entries(operation.responses).map(([status, response]) => {
    if (interactive && status === "401") return [status, withRetryFields(response)];
    return [status, /^[45]/.test(status) ? withoutErrorFields(response) : response];
  });
  return {
    ...operation,
    ...(interactive ? { requestBody: withOpenAuth(operation.requestBody) } : {}),
    responses: Object.fromEntries(responses),
  } as OperationFacts; // an interactive operation has a body
}

function withOpenAuth(body: OperationFacts["requestBody"]): OperationFacts["requestBody"] {
  const json = body?.content["application/json"];
  if (!body || !json?.properties?.["auth"]) return body;
  const { addedIn } = json.properties["auth"];
  const auth: Schema = { type: "object", ...(addedIn === undefined ? {} : { addedIn }) };
  return {
    ...body,
    content: { ...body.content, "application/json": { ...json, properties: { ...json.properties, auth } } },
  };
}

/** The challenge, and the fields that it has after a failed attempt. */
function withRetryFields(response: ResponseFacts): ResponseFacts {
  const { retryExtraFields } = readFacts("uia");
  const json = response.content?.["application/json"];
  const retry = retryExtraFields.map(({ name, required: _required, ...schema }) => [name, schema]);
  const properties = { ...Object.fromEntries(retry), ...json?.properties };
  return { ...response, authentication: true, content: { "application/json": { ...json, properties } } };
}

function withoutErrorFields(response: ResponseFacts): ResponseFacts {
  const json = response.content?.["application/json"];
  if (!json?.properties) return response;
  const kept = Object.entries(json.properties).filter(([name]) => !errorFields.has(name));
  return {
    ...response,
    content: { ...response.content, "application/json": { ...json, properties: Object.fromEntries(kept) } },
  };
}

const errorFields = new Set(
  readFacts("errcodes").errcodes.flatMap((facts) =>
    Object.keys({ ...facts["client-server"]?.extraFields, ...facts.identity?.extraFields }),
  ),
);
