import type { ServerApplication } from "../../platform.ts";

/** A request below `/_matrix/client/v3` with an access token, and its answer; throws where it is refused. */
export type CallAs = (accessToken: string, method: string, path: string, body?: object) => Promise<CallAnswer>;

interface CallAnswer {
  readonly room_id?: string;
}

/** Requests to a server in this process, for what no network is needed. */
export function callsTo({ fetch }: Pick<ServerApplication, "fetch">): CallAs {
  return async (accessToken, method, path, body) => {
    const response = await call(fetch, accessToken, method, path, body);
    if (response.ok) return (await response.json()) as CallAnswer; // what the operations that are called here answer
    const message = `${method} ${path} was answered with ${response.status}: ${await response.text()}`;
    throw new FixtureError(`the fixtures cannot be made: ${message}`);
  };
}

/** The same where there may be nothing. */
export function findsIn({ fetch }: Pick<ServerApplication, "fetch">) {
  return async (accessToken: string, path: string): Promise<CallAnswer | undefined> => {
    const response = await call(fetch, accessToken, "GET", path);
    return response.ok ? ((await response.json()) as CallAnswer) : undefined; // as above
  };
}

/** What fixtures ask for and the server's own rules refuse. */
export class FixtureError extends Error {
  override readonly name = "FixtureError";
}

function call(
  fetch: ServerApplication["fetch"],
  accessToken: string,
  method: string,
  path: string,
  body?: object,
): Promise<Response> {
  const request = new Request(`http://localhost/_matrix/client/v3${path}`, {
    method,
    headers: { authorization: `Bearer ${accessToken}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const { pathname } = new URL(request.url);
  return fetch(request, { rawPath: pathname, remoteAddress: "127.0.0.1" });
}
