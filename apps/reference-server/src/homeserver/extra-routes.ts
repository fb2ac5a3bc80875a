import { error, splitTarget, toMatrixApi, toOutgoing } from "@matrix-openapi/server";
import type { IncomingRequest, MatrixApi, OutgoingResponse, Result } from "@matrix-openapi/server";

/** An endpoint that the Client-Server API does not describe: of another API, or of this server's own choice. */
export interface ExtraRoute {
  /** As it is, or what matches the whole of it. */
  readonly path: string | RegExp;
  readonly methods: readonly ("GET" | "POST" | "PUT")[];
  answer(incoming: IncomingRequest): Promise<Result | OutgoingResponse>;
}

interface ExtraRouteOptions {
  readonly onError: (error: unknown, route: ExtraRoute) => void;
}

/** Puts hand-written endpoints before an API, under the same rules for wrong methods, failures and CORS. */
export function withExtraRoutes(
  api: MatrixApi,
  routes: readonly ExtraRoute[],
  { onError }: ExtraRouteOptions,
): MatrixApi {
  const find = (path: string) =>
    routes.find((route) => (typeof route.path === "string" ? route.path === path : route.path.test(path)));

  async function answer(route: ExtraRoute, incoming: IncomingRequest): Promise<OutgoingResponse> {
    if (!route.methods.some((method) => method === incoming.method)) return toOutgoing(wrongMethod(route));
    try {
      const answered = await route.answer(incoming);
      return "kind" in answered ? toOutgoing(answered) : answered;
    } catch (reason) {
      onError(reason, route);
      return toOutgoing(error(500, "M_UNKNOWN", "The server failed at this request."));
    }
  }

  return toMatrixApi(async (incoming) => {
    const route = find(splitTarget(incoming.target).path);
    if (route === undefined || incoming.method === "OPTIONS") return api.handle(incoming);
    return answer(route, incoming);
  });
}

function wrongMethod({ methods }: ExtraRoute): Result {
  const { kind, status, body } = error(405, "M_UNRECOGNIZED", `This endpoint takes ${methods.join(", ")}.`);
  return { kind, status, body, headers: { Allow: [...methods, "OPTIONS"].join(", ") } };
}
