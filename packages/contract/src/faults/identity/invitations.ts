import type { JsonObject } from "../../json.ts";
import type { Change, Fault, SeenRequest } from "../fault.ts";
import { rewriteRequest, rewriteResponse } from "../fault.ts";
import { asksFor } from "./endpoint.ts";

/** What an identity server can get wrong about invitations. */
export const invitationFaults: readonly Fault[] = [
  stored("is-50", "the token is too long", (body) => ({ ...body, token: "t".repeat(256) })),
  stored("is-50", "the invitation has no key of its own", (body) => ({
    ...body,
    public_keys: keysIn(body).slice(0, 1),
  })),
  stored("is-50", "the keys do not say where to ask", (body) => ({
    ...body,
    public_keys: keysIn(body).map((key) => ({ ...Object(key), key_validity_url: "isvalid" })),
  })),
  {
    rule: "is-50",
    name: "the server's own key is not valid where the invitation sends those who ask",
    wrap: rewriteResponse((request) => (asksFor(request, "GET pubkey/isvalid") ? { body: { valid: false } } : null)),
  },
  stored("is-51a", "the display name is the address", (body, request) => ({
    ...body,
    display_name: request.json["address"],
  })),
  {
    rule: "is-51b",
    name: "the mail does not name the room",
    wrap: rewriteRequest((request) => {
      const { room_name: _roomName, ...rest } = request.json;
      return asksFor(request, "POST store-invite") ? { json: rest } : null;
    }),
  },
  refused("is-52a", "another medium is M_INVALID_PARAM", "M_UNRECOGNIZED", (body) => ({
    body: { ...body, errcode: "M_INVALID_PARAM" },
  })),
  refused("is-52b", "who has bound the address is not told", "M_THREEPID_IN_USE", ({ mxid: _mxid, ...rest }) => ({
    body: rest,
  })),
  refused("is-52b", "a bound address is invited all the same", "M_THREEPID_IN_USE", () => ({
    status: 200,
    body: { token: "contract", public_keys: [], display_name: "a...@b..." },
  })),
  {
    rule: "is-54a",
    name: "an unknown invitation is M_NOT_FOUND",
    wrap: rewriteResponse((request, { status, json }) =>
      asksFor(request, "POST sign-ed25519") && status === 404 ? { body: { ...json, errcode: "M_NOT_FOUND" } } : null,
    ),
  },
  signed("the sender is not in it", ({ sender: _sender, ...rest }) => rest),
  signed("the signature is over something else", (body) => ({ ...body, signed_at: 1 })),
];

function stored(rule: string, name: string, change: (body: JsonObject, request: SeenRequest) => JsonObject): Fault {
  return {
    rule,
    name,
    wrap: rewriteResponse((request, { status, json }) =>
      asksFor(request, "POST store-invite") && status === 200 ? { body: change(json, request) } : null,
    ),
  };
}

function refused(rule: string, name: string, errcode: string, change: (body: JsonObject) => Change): Fault {
  return {
    rule,
    name,
    wrap: rewriteResponse((request, { json }) =>
      asksFor(request, "POST store-invite") && json["errcode"] === errcode ? change(json) : null,
    ),
  };
}

function signed(name: string, change: (body: JsonObject) => JsonObject): Fault {
  return {
    rule: "is-54b",
    name,
    wrap: rewriteResponse((request, { status, json }) =>
      asksFor(request, "POST sign-ed25519") && status === 200 ? { body: change(json) } : null,
    ),
  };
}

function keysIn(body: JsonObject): readonly unknown[] {
  return Array.isArray(body["public_keys"]) ? body["public_keys"] : [];
}
