import type { OperationDescriptor } from "@matrix-openapi/definitions";
import type { IncomingRequest, MatrixApi, OutgoingResponse } from "./api.ts";
import { createAuthentication } from "./authentication.ts";
import type { FindCaller } from "./authentication.ts";
import type { ApiDescription, RequestValidators } from "./description.ts";
import type { AnyHandler, AuthenticatedUser } from "./handlers.ts";
import { HandlerContext } from "./handler-context.ts";
import { MatrixError } from "./matrix-error.ts";
import type { ApiOptions } from "./options.ts";
import { preflight, toOutgoing } from "./outgoing.ts";
import { createParameterReader, readBody } from "./request-input.ts";
import type { RequestParameters } from "./request-input.ts";
import { splitTarget } from "./request-target.ts";
import { assertDeclared } from "./response-check.ts";
import { error } from "./results.ts";
import type { Result } from "./results.ts";
import { createRouter, malformedPath } from "./router.ts";
import type { Match, RouteEntry } from "./router.ts";
import { UiaAnswer } from "./uia/answer.ts";
import type { UiaRequestFacts } from "./uia/authorise.ts";
import type { UiaRequestGate } from "./uia/request-gate.ts";
import { toMatrixApi } from "./web-request.ts";

/** Handlers by operationId, whatever their operations. */
export type AnyHandlers = Readonly<Record<string, AnyHandler | undefined>>;

/** The part of user-interactive auth that a request needs. */
export type OpenUiaGate = (facts: UiaRequestFacts) => UiaRequestGate;

interface Route {
  readonly operation: OperationDescriptor;
  readonly validators: RequestValidators;
  readonly handler: AnyHandler | undefined;
  readonly findCaller: FindCaller<AuthenticatedUser>;
  readonly readParameters: (values: readonly string[], query: string) => RequestParameters;
}

/**
 * Serves what a description describes. The order is part of the contract: path, method, access token, parameters,
 * body, handler; and each mistake is answered at its place in it with a standard error.
 */
export function createApi<User extends AuthenticatedUser>(
  description: ApiDescription,
  handlers: AnyHandlers,
  options: ApiOptions<User>,
  openUiaGate?: OpenUiaGate,
): MatrixApi {
  const { errcodes } = description;
  const authenticate = options.authenticate ?? (() => undefined);
  const bodies = {
    bytes: options.maxBodyBytes ?? 1_048_576,
    depth: options.maxBodyDepth ?? 64,
    uploadBytes: options.maxUploadBytes ?? 52_428_800,
    mendBody: options.mendBody,
  };
  const routes = Object.values(description.operations).map(toRoute);
  const findRoute = createRouter(routes);

  function toRoute(operation: OperationDescriptor): RouteEntry<Route> {
    const validators = description.requestValidators[operation.operationId] ?? {};
    const target: Route = {
      operation,
      validators,
      handler: handlers[operation.operationId],
      findCaller: createAuthentication(operation, authenticate, errcodes),
      readParameters: createParameterReader(operation, validators, errcodes),
    };
    return { method: operation.method, path: operation.path, target };
  }

  async function handle(incoming: IncomingRequest): Promise<OutgoingResponse> {
    if (incoming.method === "OPTIONS") return preflight;
    const { path, query } = splitTarget(incoming.target);
    const match = findRoute(path);
    if (match === malformedPath) {
      return toOutgoing(
        error(400, errcodes.invalidParameter, "The path is not percent-encoded UTF-8: encode each segment."),
      );
    }
    const method = incoming.method === "HEAD" ? "GET" : incoming.method;
    const route = match?.methods.get(method);
    if (match === null || route === undefined) return toOutgoing(match === null ? unknownPath : wrongMethod(match));
    const outgoing = await answer(route, match.values, query, incoming);
    return incoming.method === "HEAD" ? withoutBody(outgoing) : outgoing;
  }

  async function answer(
    route: Route,
    values: readonly string[],
    query: string,
    incoming: IncomingRequest,
  ): Promise<OutgoingResponse> {
    const { operation } = route;
    try {
      const result = await decide(route, values, query, incoming);
      if (options.validateResponses === true) await assertDeclared(description, operation, result);
      return toOutgoing(result, incoming);
    } catch (reason) {
      options.onError?.(reason, { operationId: operation.operationId, request: incoming.request });
      return toOutgoing(failure);
    }
  }

  // What a handler throws as a MatrixError is a result too, and is held against the description like one.
  async function decide(
    route: Route,
    values: readonly string[],
    query: string,
    incoming: IncomingRequest,
  ): Promise<Result> {
    let gate: UiaRequestGate | undefined;
    try {
      const { operation, validators, handler } = route;
      if (handler === undefined) return notServed;
      const caller = route.findCaller(incoming, query);
      const user = caller instanceof Promise ? await caller : caller;
      const params = route.readParameters(values, query);
      const body =
        operation.requestBody === null
          ? undefined
          : await readBody(operation, operation.requestBody, validators, incoming, bodies, errcodes);
      if (operation.uia !== null) gate = openUiaGate?.({ operation, validators, incoming, params, body, user });
      const context = new HandlerContext(incoming, params, body, user, gate);
      const result = await handler(context as never); // typed by the handlers' own type, see Context
      return gate === undefined ? result : await gate.close(result);
    } catch (reason) {
      const result = expected(reason);
      if (gate !== undefined) await gate.close(result ?? failure);
      if (result === null) throw reason;
      return result;
    }
  }

  return toMatrixApi(handle);
}

const unknownPath = error(404, "M_UNRECOGNIZED", "There is no such endpoint: look at the path and its version.");
const notServed = error(404, "M_UNRECOGNIZED", "This server does not serve this endpoint.");
const failure = error(500, "M_UNKNOWN", "The server failed at this request. Trying again later may help.");

function wrongMethod(match: Match<Route>): Result {
  const methods = [...match.methods.keys()];
  const allowed = [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].join(", ");
  const { kind, status, body } = error(405, "M_UNRECOGNIZED", `This endpoint takes ${methods.join(", ")}.`);
  return { kind, status, body, headers: { Allow: allowed } };
}

function expected(reason: unknown): Result | null {
  if (reason instanceof MatrixError) return reason.toResult();
  return reason instanceof UiaAnswer ? reason.result : null;
}

function withoutBody({ status, headers, body }: OutgoingResponse): OutgoingResponse {
  if (body === null) return { status, headers, body };
  if (body instanceof ReadableStream) {
    void body.cancel().catch(() => {}); // whatever its end costs, nobody waits for it
    return { status, headers, body: null };
  }
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return { status, headers: { ...headers, "Content-Length": String(bytes.length) }, body: null };
}
