import { allows, answers, asksFor, asksWith, ignores, overlooks, says } from "./client-server-operation.ts";
import type { Fault } from "./fault.ts";
import { rewriteRequest, rewriteResponse } from "./fault.ts";

/** What a homeserver can get wrong about accounts, their sessions, and what is kept for them. */
export const accountFaults: readonly Fault[] = [
  overlooks("cs-105", "blocking invitations blocks nothing", "setAccountData", "default_action"),
  allows("cs-105", "who blocks invitations is invited all the same", "inviteUser", 403),
  {
    rule: "cs-106",
    name: "an OpenID token is another's",
    wrap: rewriteResponse(({ path }, { status }) =>
      path.endsWith("/openid/userinfo") && status === 200 ? { body: { sub: "@mallory:localhost" } } : null,
    ),
  },
  allows("cs-107", "an OpenID token is an access token", "getTokenOwner", 401, { user_id: "@alice:localhost" }),
  allows("cs-107", "anybody gets another's token", "requestOpenIdToken", 403, { access_token: "token" }),
  ignores("cs-108", "nobody is locked", "setAdminLockUser"),
  says("cs-108", "a locked account is logged out", null, '"soft_logout":true', '"soft_logout":false'),
  ignores("cs-109", "nobody is suspended", "setAdminSuspendUser"),
  {
    rule: "cs-110",
    name: "suspended accounts are locked",
    wrap: rewriteRequest((request) =>
      asksFor(request, "setAdminSuspendUser")
        ? { path: request.path.replace("/suspend/", "/lock/"), json: { locked: request.json["suspended"] } }
        : null,
    ),
  },
  answers("cs-115", "the ETag stays", "getRoomKeysVersion", ({ json }) => ({ body: { ...json, etag: "0" } })),
  answers("cs-115", "keys are not counted", "getRoomKeysVersion", ({ json }) => ({ body: { ...json, count: 0 } })),
  allows("cs-116", "a deleted backup is empty", "getRoomKeysVersion", 404),
  allows("cs-116", "an absent key is empty", "getRoomKeyBySessionId", 404),
  allows("cs-117", "a backup changes its algorithm", "putRoomKeysVersion", 400),
  allows("cs-137", "old refresh tokens live on", "refresh", 401, { access_token: "token" }),
  {
    rule: "cs-137",
    name: "a refresh token is good once",
    wrap: (next) => {
      const used = new Set<unknown>();
      return rewriteResponse((request) => {
        if (!asksFor(request, "refresh")) return null;
        const { refresh_token: token } = request.json;
        if (used.has(token)) return { status: 401, body: { errcode: "M_UNKNOWN_TOKEN", error: "Used" } };
        used.add(token);
        return null;
      })(next);
    },
  },
  overlooks("cs-138", "logging in is always as a new device", "login", "device_id"),
  allows("cs-139", "anybody sees another's device", "getDevice", 404, { device_id: "DEVICE" }),
  ignores("cs-139", "names of devices are not kept", "updateDevice"),
  ignores("cs-140", "fields are not kept", "setProfileField"),
  ignores("cs-140", "a deleted field stays", "deleteProfileField"),
  asksWith("cs-141", "rules are put where they fall", "setPushRule", "after", () => null),
  says("cs-141", "the devices are not told of push rules", "sync", '"m.push_rules"', '"m.rules"'),
];
