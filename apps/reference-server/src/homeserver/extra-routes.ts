import type { MatrixApi, OutgoingResponse } from "@matrix-openapi/server";
import { readBytes, textOf } from "./request-text.ts";

/** An endpoint that the Client-Server API does not describe: of another API, or of this server's own choice. */
export interface ExtraRoute {
  /** As it is, or what matches the whole of it. */
  readonly path: string | RegExp;
  readonly methods: readonly ("GET" | "POST")[];
  answer(request: Request, context: ExtraRouteContext): Promise<Response>;
}

export interface ExtraRouteContext {
  readonly remoteAddress: string | undefined;
  /** The body, which `request` need not have; null where it is longer than `limit` bytes, or no UTF-8. */
  readText(limit: number): Promise<string | null>;
}

export interface ExtraRouteOptions {
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

  async function answer(route: ExtraRoute, request: Request, context: ExtraRouteContext): Promise<Response> {
    if (!route.methods.some((method) => method === request.method)) return wrongMethod(route);
    try {
      return await route.answer(request, context);
    } catch (error) {
      onError(error, route);
      return jsonResponse(500, { errcode: "M_UNKNOWN", error: "The server failed at this request." });
    }
  }

  return {
    async fetch(request, context) {
      const route = find(new URL(request.url).pathname);
      if (route === undefined || request.method === "OPTIONS") return api.fetch(request, context);
      return answer(route, request, {
        remoteAddress: context?.remoteAddress,
        readText: async (limit) => textOf(await readBytes(request, limit)),
      });
    },
    async handle(incoming) {
      const route = find(incoming.target.split("?", 1)[0] ?? "");
      if (route === undefined || incoming.method === "OPTIONS") return api.handle(incoming);
      const context = {
        remoteAddress: incoming.remoteAddress,
        readText: async (limit: number) => textOf(await incoming.readBody(limit)),
      };
      return toOutgoing(await answer(route, incoming.request, context));
    },
  };
}

/** JSON with the CORS headers of every Matrix answer: https://spec.matrix.org/v1.19/client-server-api/#web-browser-clients */
export function jsonResponse(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(body, { status, headers: { ...corsHeaders, ...headers } });
}

const corsHeaders = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, POST, PUT, DELETE, OPTIONS",
  "access-control-allow-headers": "X-Requested-With, Content-Type, Authorization",
};

function wrongMethod({ methods }: ExtraRoute): Response {
  const body = { errcode: "M_UNRECOGNIZED", error: `This endpoint takes ${methods.join(", ")}.` };
  return jsonResponse(405, body, { allow: [...methods, "OPTIONS"].join(", ") });
}

function toOutgoing({ status, headers, body }: Response): OutgoingResponse {
  return { status, headers: Object.fromEntries(headers), body };
}
