import type { Fault } from "../fault.ts";
import { rewriteRequest, rewriteResponse } from "../fault.ts";
import { requestsToken } from "./endpoint.ts";

/** What an identity server can get wrong about sending tokens. */
export const tokenRequestFaults: readonly Fault[] = [
  {
    rule: "is-29",
    name: "a session ID has a slash in it",
    wrap: rewriteResponse((request, { json }) =>
      requestsToken(request) && "sid" in json ? { body: { sid: `contract/${String(json["sid"])}` } } : null,
    ),
  },
  {
    rule: "is-30",
    name: "any client secret is taken",
    wrap: rewriteResponse((request, { json }) =>
      requestsToken(request) && json["errcode"] === "M_INVALID_PARAM" ? { status: 200, body: { sid: "1" } } : null,
    ),
  },
  {
    rule: "is-30",
    name: "long client secrets are refused",
    wrap: rewriteResponse((request) =>
      requestsToken(request) && String(request.json["client_secret"]).length > 100
        ? { status: 400, body: { errcode: "M_INVALID_PARAM", error: "Too long" } }
        : null,
    ),
  },
  {
    rule: "is-31a",
    name: "what is no mail address is M_INVALID_PARAM",
    wrap: rewriteResponse((_request, { json }) =>
      json["errcode"] === "M_INVALID_EMAIL" ? { body: { ...json, errcode: "M_INVALID_PARAM" } } : null,
    ),
  },
  {
    rule: "is-31b",
    name: "what is no phone number is M_INVALID_PARAM",
    wrap: rewriteResponse((_request, { json }) =>
      json["errcode"] === "M_INVALID_ADDRESS" ? { body: { ...json, errcode: "M_INVALID_PARAM" } } : null,
    ),
  },
  {
    rule: "is-32",
    name: "every request sends a message",
    wrap: (next) => {
      let attempt = 100;
      return rewriteRequest((request) =>
        requestsToken(request) ? { json: { ...request.json, send_attempt: (attempt += 1) } } : null,
      )(next);
    },
  },
  {
    rule: "is-32",
    name: "a higher attempt sends nothing",
    wrap: rewriteRequest((request) => (requestsToken(request) ? { json: { ...request.json, send_attempt: 1 } } : null)),
  },
  {
    rule: "is-32",
    name: "a repeated attempt is refused",
    wrap: rewriteResponse((request) =>
      requestsToken(request) && request.json["send_attempt"] === 1
        ? { status: 400, body: { errcode: "M_INVALID_PARAM", error: "That attempt was made before" } }
        : null,
    ),
  },
  {
    // The reference inbox is read over HTTP, so that what arrives there can be wrong as well.
    rule: "is-33",
    name: "tokens are 256 characters long",
    wrap: rewriteResponse(({ path }, { text }) =>
      path === "/api/messages" ? { body: text.replaceAll(/token=[\w%.-]+/g, `token=${"7".repeat(256)}`) } : null,
    ),
  },
];
