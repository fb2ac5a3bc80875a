import type { MatrixApi } from "@matrix-openapi/server";
import type { ListenerContext, ServerApplication } from "../platform.ts";

/** An endpoint that the Client-Server API does not describe: of another API, or of this server's own choice. */
export interface ExtraRoute {
  readonly path: string;
  readonly methods: readonly ("GET" | "POST")[];
  answer(request: Request, context: ListenerContext): Promise<Response>;
}

/** Puts hand-written endpoints before an API, under the same rules for errors and CORS. */
export function withExtraRoutes(
  routes: readonly ExtraRoute[],
  api: MatrixApi,
  onError: (error: unknown, path: string) => void,
): Pick<ServerApplication, "fetch"> {
  return {
    async fetch(request, context = {}) {
      const { pathname } = new URL(request.url);
      const route = routes.find(({ path }) => path === pathname);
      if (route === undefined || request.method === "OPTIONS") return api.fetch(request, context);
      if (!route.methods.some((method) => method === request.method)) {
        const methods = route.methods.join(", ");
        return jsonResponse(
          405,
          { errcode: "M_UNRECOGNIZED", error: `This endpoint takes ${methods}.` },
          { allow: `${methods}, OPTIONS` },
        );
      }
      try {
        return await route.answer(request, context);
      } catch (error) {
        onError(error, route.path);
        return jsonResponse(500, { errcode: "M_UNKNOWN", error: "The server failed at this request." });
      }
    },
  };
}

/** JSON with the CORS headers that every Matrix answer has: https://spec.matrix.org/v1.19/client-server-api/#web-browser-clients */
export function jsonResponse(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(body, { status, headers: { ...corsHeaders, ...headers } });
}

const corsHeaders = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, POST, PUT, DELETE, OPTIONS",
  "access-control-allow-headers": "X-Requested-With, Content-Type, Authorization",
};
