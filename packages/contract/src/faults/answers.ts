import { isObject, stringMember } from "../json.ts";
import { allows, asksFor, ignores, says } from "./client-server-operation.ts";
import type { Fault } from "./fault.ts";
import { answerInstead, rewriteResponse } from "./fault.ts";

/** What a homeserver can get wrong about what it keeps for users, and about every answer. */
export const answerFaults: readonly Fault[] = [
  ignores("cs-56", "account data is not kept", "setAccountData"),
  allows("cs-56", "everybody reads it", "getAccountData", 403, {}),
  says("cs-56", "the devices are not told of it", "sync", '"account_data"', '"accounts"'),
  allows("cs-57", "what has operations of its own is set", "setAccountData", 405),
  ignores("cs-58", "a deleted tag stays", "deleteRoomTag"),
  says("cs-58", "tags have no order", "getRoomTags", '"order"', '"place"'),
  ignores("cs-59", "a name is not kept", "setProfileField"),
  allows("cs-59", "anybody sets another's name", "setProfileField", 403),
  ignores("cs-60", "presence is not kept", "setPresence"),
  allows("cs-60", "anybody sets another's presence", "setPresence", 403),
  says("cs-61", "a predefined rule is missing", "getPushRules", ".m.rule.tombstone", ".m.rule.gravestone"),
  ignores("cs-62", "a rule stays switched on", "setPushRuleEnabled"),
  ignores("cs-62", "a deleted rule stays", "deletePushRule"),
  says("cs-63", "versions lack their v", "getVersions", '"v1.', '"1.'),
  {
    rule: "cs-64",
    name: "an operation is missing",
    wrap: answerInstead((request) =>
      asksFor(request, "getMutualRooms")
        ? { status: 404, body: { errcode: "M_UNRECOGNIZED", error: "No such operation" } }
        : null,
    ),
  },
  says("cs-65", "an unknown path is a missing thing", null, "M_UNRECOGNIZED", "M_NOT_FOUND"),
  {
    rule: "cs-66",
    name: "a wrong method is an unknown path",
    wrap: rewriteResponse((_request, { status }) => (status === 405 ? { status: 404 } : null)),
  },
  says("cs-67", "what is no JSON is a bad one", null, "M_NOT_JSON", "M_BAD_JSON"),
  {
    rule: "cs-68",
    name: "errors say nothing to the person",
    wrap: rewriteResponse((_request, { status, json }) => {
      const { error: _error, ...rest } = json;
      return status >= 400 && stringMember(json, "error") !== undefined ? { body: rest } : null;
    }),
  },
  {
    rule: "cs-69",
    name: "JSON is sent as text",
    wrap: rewriteResponse((_request, { json }) =>
      isObject(json) && Object.keys(json).length > 0 ? { headers: { "content-type": "text/plain" } } : null,
    ),
  },
  {
    rule: "cs-70",
    name: "an operation fails",
    wrap: answerInstead((request) =>
      asksFor(request, "getLoginFlows") ? { status: 500, body: { errcode: "M_UNKNOWN", error: "Oops" } } : null,
    ),
  },
  {
    rule: "cs-71",
    name: "files are hidden from web clients",
    wrap: rewriteResponse((request) =>
      asksFor(request, "getContentAuthed") ? { headers: { "access-control-allow-origin": null } } : null,
    ),
  },
  {
    rule: "cs-71",
    name: "the preflight forbids PUT",
    wrap: rewriteResponse(({ method }) =>
      method === "OPTIONS" ? { headers: { "access-control-allow-methods": "GET, POST" } } : null,
    ),
  },
];
