import { isObject } from "../../json.ts";
import type { Change, Fault, SeenRequest } from "../fault.ts";
import { answerInstead, rewriteResponse } from "../fault.ts";
import { asksFor } from "./endpoint.ts";

const binds = (request: SeenRequest): boolean => asksFor(request, "POST 3pid/bind");
const usesSession = (request: SeenRequest): boolean => binds(request) || asksFor(request, "GET 3pid/getValidated3pid");

/** What an identity server can get wrong about publishing addresses. */
export const associationFaults: readonly Fault[] = [
  renamedError("is-41", "M_NO_VALID_SESSION", { status: 400, body: { errcode: "M_UNKNOWN", error: "Unknown" } }),
  renamedError("is-42a", "M_SESSION_NOT_VALIDATED", {
    status: 404,
    body: { errcode: "M_NO_VALID_SESSION", error: "Not validated" },
  }),
  renamedError("is-42b", "M_SESSION_EXPIRED", {
    status: 404,
    body: { errcode: "M_NO_VALID_SESSION", error: "Expired" },
  }),
  {
    rule: "is-43",
    name: "the time of validation is in seconds",
    wrap: rewriteResponse((request, { status, json }) =>
      asksFor(request, "GET 3pid/getValidated3pid") && status === 200
        ? { body: { ...json, validated_at: Math.floor(Number(json["validated_at"]) / 1000) } }
        : null,
    ),
  },
  {
    rule: "is-43",
    name: "the medium is not told",
    wrap: rewriteResponse((request, { status, json }) => {
      const { medium: _medium, ...rest } = json;
      return asksFor(request, "GET 3pid/getValidated3pid") && status === 200 ? { body: rest } : null;
    }),
  },
  {
    rule: "is-44",
    name: "an association has no end",
    wrap: rewriteResponse((request, { status, json }) => {
      const { not_after: _notAfter, ...rest } = json;
      return binds(request) && status === 200 ? { body: rest } : null;
    }),
  },
  {
    rule: "is-44",
    name: "an association begins after it was made",
    wrap: rewriteResponse((request, { status, json }) =>
      binds(request) && status === 200 ? { body: { ...json, not_before: Number(json["ts"]) + 1 } } : null,
    ),
  },
  {
    rule: "is-45",
    name: "the signature is over something else",
    wrap: rewriteResponse((request, { status, json }) =>
      binds(request) && status === 200 ? { body: { ...json, ts: Number(json["ts"]) + 1 } } : null,
    ),
  },
  {
    rule: "is-45",
    name: "another key is published than the one that signs",
    wrap: rewriteResponse((request, { status }) =>
      request.path.startsWith("/_matrix/identity/v2/pubkey/ed25519") && status === 200
        ? { body: { public_key: "VXuGitF39UH5iRfvbIknlvlAVKgD1BsLDMvBf0pmp7c" } }
        : null,
    ),
  },
  {
    rule: "is-46",
    name: "unbinding takes nothing away",
    wrap: answerInstead((request) => (asksFor(request, "POST 3pid/unbind") ? { body: {} } : null)),
  },
  {
    rule: "is-47",
    name: "an address is bound to the caller, whoever was named",
    wrap: rewriteResponse((request, { status, json }) =>
      // The reference server refuses to bind anybody else.
      binds(request) && status === 403 && json["errcode"] === "M_FORBIDDEN"
        ? { status: 200, body: { mxid: "@alice:localhost" } }
        : null,
    ),
  },
  {
    rule: "is-48a",
    name: "the owner of an address may not unbind it",
    wrap: rewriteResponse((request, { status }) =>
      asksFor(request, "POST 3pid/unbind") && status === 200
        ? { status: 403, body: { errcode: "M_FORBIDDEN", error: "No" } }
        : null,
    ),
  },
  {
    rule: "is-48b",
    name: "anybody may unbind",
    wrap: rewriteResponse((request, { status }) =>
      asksFor(request, "POST 3pid/unbind") && status === 403 ? { status: 200, body: {} } : null,
    ),
  },
  {
    rule: "is-48b",
    name: "bad credentials tell that there is no such session",
    wrap: rewriteResponse((request, { status }) =>
      asksFor(request, "POST 3pid/unbind") && status === 403
        ? { status: 404, body: { errcode: "M_NO_VALID_SESSION", error: "No such session" } }
        : null,
    ),
  },
  {
    rule: "is-49",
    name: "what the homeserver unbinds is still found",
    wrap: (next) => {
      const found: Record<string, unknown> = {};
      let isUnbound = false;
      return rewriteResponse((request, { json }) => {
        if (request.path.endsWith("/account/3pid/unbind")) isUnbound = true;
        if (!asksFor(request, "POST lookup")) return null;
        if (isUnbound) return { body: { mappings: found } };
        if (isObject(json["mappings"])) Object.assign(found, json["mappings"]);
        return null;
      })(next);
    },
  },
];

function renamedError(rule: string, errcode: string, change: Change): Fault {
  return {
    rule,
    name: `a session's ${errcode} is something else`,
    wrap: rewriteResponse((request, { json }) => (usesSession(request) && json["errcode"] === errcode ? change : null)),
  };
}
