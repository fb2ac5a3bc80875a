import { type Fault, rewriteResponse, type SeenRequest } from "./fault.ts";

const isChallenge = (response: { readonly status: number; readonly json: Record<string, unknown> }): boolean =>
  response.status === 401 && "flows" in response.json;

const sentAuth = ({ json }: SeenRequest): boolean => json["auth"] !== undefined;

/** What a homeserver can get wrong about user-interactive auth, fault by fault. */
export const userInteractiveAuthFaults: readonly Fault[] = [
  {
    rule: "uia-1",
    name: "stages are objects instead of strings",
    wrap: rewriteResponse((_request, response) =>
      isChallenge(response)
        ? { body: { ...response.json, flows: [{ stages: [{ type: "m.login.password" }] }] } }
        : null,
    ),
  },
  {
    rule: "uia-2",
    name: "a device is deleted without auth data",
    wrap: rewriteResponse((request, response) =>
      request.method === "DELETE" && isChallenge(response) && !sentAuth(request) ? { status: 200, body: {} } : null,
    ),
  },
  {
    rule: "uia-7",
    name: "logging in asks for user-interactive auth",
    wrap: rewriteResponse((request, response) =>
      request.path.endsWith("/login") && response.status === 403
        ? { status: 401, body: { flows: [{ stages: ["m.login.password"] }], session: "xyz" } }
        : null,
    ),
  },
  {
    rule: "uia-13",
    name: "a failed attempt is answered without an errcode",
    wrap: rewriteResponse((_request, response) => {
      const { errcode, error: _error, ...rest } = response.json;
      return isChallenge(response) && errcode !== undefined ? { body: rest } : null;
    }),
  },
];
