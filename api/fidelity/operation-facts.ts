import type { Api, ApiFacts, OperationFacts, ProseFacts, ResponseFacts } from "./facts.ts";
import { withSharedParts } from "./shared-facts.ts";

/**
 * The operations of the facts as one OpenAPI document can say them: under our names, with what only the text says
 * filled in, and with those that share a method and a path joined.
 */
export function operationFacts(api: Api, facts: ApiFacts): OperationFacts[] {
  const documented = facts.operations.map((operation) => ({
    ...facts.proseOnlyFields.reduce(withProse, withSharedParts(operation)),
    operationId: ourName(api, operation.operationId),
  }));
  const byEndpoint = Map.groupBy(documented, ({ method, path }) => `${method} ${path}`);
  return [...byEndpoint.values()].map((same) => same.reduce(joinOperations));
}

/** operationIds are camelCase here, because generated methods are named after them; Identity has no version but v2. */
function ourName(api: Api, operationId: string): string {
  const name = operationId.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return api === "identity" ? name.replace(/V2$/, "") : name;
}

function withProse(operation: OperationFacts, prose: ProseFacts): OperationFacts {
  const everywhere = prose.operationId === "*";
  if (!everywhere && prose.operationId !== operation.operationId) return operation;
  const [part, status = ""] = prose.at.split("/");
  if (part === "requestBody") return { ...operation, ...withBody(operation, prose) };
  // What an application service may add to every request is compared once, for all operations.
  if (part === "params")
    return everywhere ? operation : { ...operation, params: [...operation.params, ...(prose.params ?? [])] };
  if (part !== "responses") return operation;
  if (prose.errcodes && (operation.auth.mode !== "required" || prose.except?.includes(operation.operationId))) {
    return operation;
  }
  const response = operation.responses[status];
  if (!response && !prose.errcodes) return operation;
  return { ...operation, responses: { ...operation.responses, [status]: withResponse(response ?? {}, prose) } };
}

function withBody({ requestBody }: OperationFacts, prose: ProseFacts): Pick<OperationFacts, "requestBody"> {
  const json = requestBody?.content["application/json"];
  if (!requestBody || !json) return {};
  const { additionalProperties } = prose;
  const schema = {
    ...json,
    properties: { ...json.properties, ...prose.properties },
    ...(additionalProperties ? { additionalProperties } : {}),
  };
  const types = ["application/json", ...(prose.contentTypes ?? [])];
  const content = Object.fromEntries(types.map((type) => [type, schema]));
  return { requestBody: { ...requestBody, content: { ...requestBody.content, ...content } } };
}

function withResponse(response: ResponseFacts, prose: ProseFacts): ResponseFacts {
  const json = response.content?.["application/json"];
  const { errcodes = [], addedIn, properties, required = [], headers } = prose;
  const versions = addedIn === undefined ? [] : errcodes.map((code) => [code, addedIn]);
  const filled = json &&
    properties && {
      ...json,
      properties: { ...json.properties, ...properties },
      required: [...(json.required ?? []), ...required],
    };
  return {
    ...response,
    errcodes: [...new Set([...(response.errcodes ?? []), ...errcodes])],
    errcodesAddedIn: { ...response.errcodesAddedIn, ...Object.fromEntries(versions) },
    ...(headers ? { headers: { ...response.headers, ...headers } } : {}),
    ...(filled ? { content: { ...response.content, "application/json": filled } } : {}),
  };
}

/** Upstream documents some endpoints twice, once for each form of the request. */
function joinOperations(first: OperationFacts, second: OperationFacts): OperationFacts {
  const names = new Set(first.params.map(({ name }) => name));
  const shared = new Set(second.params.map(({ name }) => name).filter((name) => names.has(name)));
  const params = [...first.params, ...second.params.filter(({ name }) => !names.has(name))].map((param) =>
    shared.has(param.name) ? param : { ...param, required: false },
  );
  const body = first.requestBody ?? second.requestBody;
  const statuses = Object.keys({ ...first.responses, ...second.responses });
  const responses = statuses.map((status) => [
    status,
    joinResponses(first.responses[status] ?? {}, second.responses[status] ?? {}),
  ]);
  return {
    ...first,
    operationId: ["getEvents", "inviteUser"].includes(second.operationId) ? second.operationId : first.operationId,
    deprecated: first.deprecated && second.deprecated,
    params,
    ...(body ? { requestBody: { ...body, content: joinContent(body.content, second.requestBody?.content) } } : {}),
    responses: Object.fromEntries(responses),
  };
}

function joinResponses(first: ResponseFacts, second: ResponseFacts): ResponseFacts {
  return {
    ...first,
    ...second,
    content: joinContent(first.content, second.content),
    headers: { ...first.headers, ...second.headers },
    errcodes: [...new Set([...(first.errcodes ?? []), ...(second.errcodes ?? [])])],
    errcodesAddedIn: { ...first.errcodesAddedIn, ...second.errcodesAddedIn },
  };
}

function joinContent(
  first: NonNullable<ResponseFacts["content"]> = {},
  second: NonNullable<ResponseFacts["content"]> = {},
): NonNullable<ResponseFacts["content"]> {
  const types = Object.keys({ ...first, ...second });
  return Object.fromEntries(
    types.map((type) => [type, { anyOf: [first[type], second[type]].flatMap((schema) => schema ?? []) }]),
  );
}
