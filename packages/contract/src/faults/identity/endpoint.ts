import type { SeenRequest } from "../fault.ts";

/** Whether a request is for this endpoint of the identity service, written as `POST lookup`. */
export function asksFor({ method, path }: SeenRequest, endpoint: string): boolean {
  const [wanted, name] = endpoint.split(" ");
  return method === wanted && path === `/_matrix/identity/v2/${name}`;
}

export function isIdentity({ path }: SeenRequest): boolean {
  return path.startsWith("/_matrix/identity/");
}

/** Whether a request hands a token in, for either medium. */
export function submitsToken(request: SeenRequest, method: "GET" | "POST"): boolean {
  return ["email", "msisdn"].some((medium) => asksFor(request, `${method} validate/${medium}/submitToken`));
}

export function requestsToken(request: SeenRequest): boolean {
  return ["email", "msisdn"].some((medium) => asksFor(request, `POST validate/${medium}/requestToken`));
}

/** The access token in a request's header. */
export function bearer({ headers }: Pick<SeenRequest, "headers">): string | undefined {
  return headers.get("authorization")?.replace(/^Bearer /, "");
}
