import type { Fault } from "../fault.ts";
import { answerInstead, rewriteRequest, rewriteResponse } from "../fault.ts";
import { asksFor, bearer, isIdentity } from "./endpoint.ts";

/** What an identity server can get wrong about accounts and access tokens. */
export const accountFaults: readonly Fault[] = [
  {
    rule: "is-7",
    name: "a token in the query is not looked at",
    wrap: rewriteRequest((request) =>
      isIdentity(request) && request.url.searchParams.has("access_token") ? { path: request.path } : null,
    ),
  },
  {
    rule: "is-7",
    name: "a token in the header is not looked at",
    wrap: rewriteRequest((request) => (isIdentity(request) ? { headers: { authorization: null } } : null)),
  },
  {
    rule: "is-8",
    name: "a missing token has the code of the client-server API",
    wrap: rewriteResponse((request, { status, json }) =>
      isIdentity(request) && status === 401 ? { body: { ...json, errcode: "M_MISSING_TOKEN" } } : null,
    ),
  },
  {
    rule: "is-8",
    name: "anybody may look up addresses",
    wrap: rewriteResponse((request, { status }) =>
      asksFor(request, "POST lookup") && status === 401 ? { status: 200, body: { mappings: {} } } : null,
    ),
  },
  {
    rule: "is-9",
    name: "the identity server takes the homeserver's tokens",
    wrap: (next) => {
      const known = new Set<string | undefined>();
      return rewriteResponse((request, { status }) => {
        if (!isIdentity(request)) known.add(bearer(request));
        const isTaken = asksFor(request, "GET account") && status === 401 && known.has(bearer(request));
        return isTaken ? { status: 200, body: { user_id: "@alice:localhost" } } : null;
      })(next);
    },
  },
  {
    rule: "is-9",
    name: "the homeserver takes the identity server's tokens",
    wrap: (next) => {
      const known = new Set<unknown>();
      return rewriteResponse((request, { status, json }) => {
        if (asksFor(request, "POST account/register")) known.add(json["token"]);
        const isTaken = request.path.endsWith("/account/whoami") && status === 401 && known.has(bearer(request));
        return isTaken ? { status: 200, body: { user_id: "@alice:localhost" } } : null;
      })(next);
    },
  },
  {
    rule: "is-11",
    name: "registering gives an `access_token`",
    wrap: rewriteResponse((request, { json }) =>
      asksFor(request, "POST account/register") ? { body: { access_token: json["token"] } } : null,
    ),
  },
  {
    rule: "is-11",
    name: "tokens belong to somebody else",
    wrap: rewriteResponse((request, { status }) =>
      asksFor(request, "GET account") && status === 200 ? { body: { user_id: "@somebody:else.example" } } : null,
    ),
  },
  {
    rule: "is-12a",
    name: "any OpenID token is believed",
    wrap: rewriteResponse((request, { status }) =>
      asksFor(request, "POST account/register") && status >= 400 ? { status: 200, body: { token: "contract" } } : null,
    ),
  },
  {
    rule: "is-12b",
    name: "an OpenID token is good for ever",
    wrap: (next) => {
      const issued = new Set<unknown>();
      return rewriteResponse((request, { status, json }) => {
        if (request.path.endsWith("/openid/request_token")) issued.add(json["access_token"]);
        const isKnown = asksFor(request, "POST account/register") && issued.has(request.json["access_token"]);
        return isKnown && status >= 400 ? { status: 200, body: { token: "contract" } } : null;
      })(next);
    },
  },
  {
    rule: "is-13",
    name: "logging out forgets nothing",
    wrap: answerInstead((request) => (asksFor(request, "POST account/logout") ? { body: {} } : null)),
  },
  {
    rule: "is-13",
    name: "logging out answers with no object",
    wrap: rewriteResponse((request, { status }) =>
      asksFor(request, "POST account/logout") && status === 200 ? { body: "" } : null,
    ),
  },
];
