// Rules about who somebody is: https://spec.matrix.org/v1.19/client-server-api/#using-access-tokens

import { logIn } from "../accounts.ts";
import { member, stringMember } from "../json.ts";
import { fail, pass, skip } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { aliceOf, clientOf, isRefused } from "./client.ts";

const whoami = "/_matrix/client/v3/account/whoami";
const protectedPaths = [
  whoami,
  "/_matrix/client/v3/sync",
  "/_matrix/client/v3/joined_rooms",
  "/_matrix/client/v3/pushrules/",
];

export const bearerTokenIsTaken: Rule = {
  id: "cs-1",
  title: "An access token in the Authorization header tells who somebody is",
  level: "must",
  specUrl: clientServerSpec("using-access-tokens"),
  reason: "It is the way that keeps tokens out of logs and histories, and the one that all clients use.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const answer = await alice.get("/account/whoami");
    if (answer.status !== 200 || stringMember(answer.json, "user_id") !== alice.userId)
      return fail(answer, `200 with ${alice.userId}`);
    const device = stringMember(answer.json, "device_id");
    if (device !== alice.deviceId) return fail(answer, `the device of the token, ${alice.deviceId}`);
    return pass();
  },
};

export const queryTokenIsTaken: Rule = {
  id: "cs-2",
  title: "An access token in the query is taken, too",
  level: "must",
  specUrl: clientServerSpec("using-access-tokens"),
  reason: "It is deprecated for clients, but servers still have to know both ways.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const answer = await context.homeserver.get(whoami, { query: { access_token: alice.token } });
    if (answer.status !== 200 || stringMember(answer.json, "user_id") !== alice.userId)
      return fail(answer, `200 with ${alice.userId}`);
    return pass();
  },
};

export const missingTokenIsTold: Rule = {
  id: "cs-3",
  title: "Without an access token the answer is 401 M_MISSING_TOKEN",
  level: "must",
  specUrl: clientServerSpec("using-access-tokens"),
  reason: "A client can tell its own mistake from a session that has ended.",
  needs: ["homeserver"],
  testable: true,
  async check({ homeserver }) {
    for (const asked of protectedPaths) {
      const answer = await homeserver.get(asked);
      if (!isRefused(answer, 401, "M_MISSING_TOKEN")) return fail(answer, `${asked}: 401 M_MISSING_TOKEN`);
    }
    return pass();
  },
};

export const unknownTokenIsTold: Rule = {
  id: "cs-4",
  title: "With an access token that nobody has the answer is 401 M_UNKNOWN_TOKEN",
  level: "must",
  specUrl: clientServerSpec("using-access-tokens"),
  reason: "On this code clients refresh the token or ask the user to log in again.",
  needs: ["homeserver"],
  testable: true,
  async check({ homeserver, random }) {
    for (const asked of protectedPaths) {
      const answer = await homeserver.get(asked, { token: random(32) });
      if (!isRefused(answer, 401, "M_UNKNOWN_TOKEN")) return fail(answer, `${asked}: 401 M_UNKNOWN_TOKEN`);
    }
    return pass();
  },
};

export const guestsMayDoLittle: Rule = {
  id: "cs-5",
  title: "A guest's token is good for what guests may do, and for nothing else",
  level: "derived",
  specUrl: clientServerSpec("guest-access"),
  reason: "Guests are unknown to the server; what they may call is a closed list.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const registered = await context.accounts.guest();
    const token = stringMember(registered.json, "access_token");
    if (registered.status !== 200 || token === undefined) return skip("guests cannot register on this server");
    const own = await context.homeserver.get(whoami, { token });
    if (own.status !== 200 || member(own.json, "is_guest") !== true) return fail(own, "200 with `is_guest` true");
    const answer = await context.homeserver.post("/_matrix/client/v3/createRoom", {}, { token });
    if (!isRefused(answer, 403, "M_GUEST_ACCESS_FORBIDDEN", "M_FORBIDDEN"))
      return fail(answer, "403 M_GUEST_ACCESS_FORBIDDEN for creating a room");
    return pass();
  },
};

export const logoutEndsToken: Rule = {
  id: "cs-6",
  title: "After logging out the access token is unknown, and its device is gone",
  level: "must",
  specUrl: clientServerSpec("post_matrixclientv3logout"),
  reason: "A token that lives on is in the hands of whoever finds it.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const account = await context.accounts.alice();
    const second = clientOf(context, await logIn(context, account));
    const logout = await second.post("/logout");
    if (logout.status !== 200) return fail(logout, "200 {}");
    const answer = await second.get("/account/whoami");
    if (!isRefused(answer, 401, "M_UNKNOWN_TOKEN")) return fail(answer, "401 M_UNKNOWN_TOKEN after logging out");
    const devices = await clientOf(context, account).get(`/devices/${encodeURIComponent(second.deviceId)}`);
    if (!isRefused(devices, 404, "M_NOT_FOUND")) return fail(devices, "404 M_NOT_FOUND for the device logged out");
    return pass();
  },
};
