import type { Fault } from "../fault.ts";
import { rewriteResponse } from "../fault.ts";
import { isIdentity } from "./endpoint.ts";

/** What an identity server can get wrong about its answers in general. */
export const answerFaults: readonly Fault[] = [
  {
    rule: "is-1",
    name: "the ping asks for an access token",
    wrap: rewriteResponse(({ path }) =>
      path === "/_matrix/identity/v2"
        ? { status: 401, body: { errcode: "M_UNAUTHORIZED", error: "No access token" } }
        : null,
    ),
  },
  {
    rule: "is-2",
    name: "versions have no letter in front",
    wrap: rewriteResponse(({ path }) =>
      path === "/_matrix/identity/versions" ? { body: { versions: ["1.19"] } } : null,
    ),
  },
  {
    rule: "is-3",
    name: "JSON is sent as text/html",
    wrap: rewriteResponse((request) => (isIdentity(request) ? { headers: { "content-type": "text/html" } } : null)),
  },
  {
    rule: "is-3",
    name: "JSON is sent in another charset",
    wrap: rewriteResponse((request) =>
      isIdentity(request) ? { headers: { "content-type": "application/json; charset=iso-8859-1" } } : null,
    ),
  },
  {
    rule: "is-3",
    name: "the terms are a bare list",
    wrap: rewriteResponse(({ path }) => (path === "/_matrix/identity/v2/terms" ? { body: [] } : null)),
  },
  {
    rule: "is-4",
    name: "errors have no text",
    wrap: rewriteResponse((request, { status, json }) => {
      const { error: _error, ...rest } = json;
      return isIdentity(request) && status >= 400 ? { body: rest } : null;
    }),
  },
  {
    rule: "is-5",
    name: "an unknown path is M_NOT_FOUND",
    wrap: rewriteResponse((request, { status, json }) =>
      isIdentity(request) && status === 404 && json["errcode"] === "M_UNRECOGNIZED"
        ? { body: { ...json, errcode: "M_NOT_FOUND" } }
        : null,
    ),
  },
  {
    rule: "is-5",
    name: "a wrong method is answered like an unknown path",
    wrap: rewriteResponse((request, { status }) => (isIdentity(request) && status === 405 ? { status: 404 } : null)),
  },
  {
    rule: "is-6",
    name: "errors lack the CORS headers",
    wrap: rewriteResponse((request, { status }) =>
      isIdentity(request) && status >= 400 ? { headers: { "access-control-allow-origin": null } } : null,
    ),
  },
  {
    rule: "is-6",
    name: "web clients may not send an access token",
    wrap: rewriteResponse((request) =>
      isIdentity(request) && request.method === "OPTIONS"
        ? { headers: { "access-control-allow-headers": "Content-Type" } }
        : null,
    ),
  },
  {
    rule: "is-10",
    name: "a missing parameter has the code of the client-server API",
    wrap: rewriteResponse((request, { json }) =>
      isIdentity(request) && json["errcode"] === "M_MISSING_PARAMS"
        ? { body: { ...json, errcode: "M_MISSING_PARAM" } }
        : null,
    ),
  },
];
