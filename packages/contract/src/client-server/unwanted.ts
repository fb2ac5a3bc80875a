// Rules about people whom one does not want to hear of: https://spec.matrix.org/v1.19/client-server-api/#ignoring-users

import { fail, pass, skip } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { speaks } from "../versions.ts";
import type { Client } from "./client.ts";
import { aliceOf, bobOf, isRefused, needed, path } from "./client.ts";
import { createRoom, sharedRoom } from "./room.ts";
import { setState } from "./state.ts";
import { roomIn, syncOf, timelineOf } from "./synced.ts";

export const ignoredUsersDoNotInvite: Rule = {
  id: "cs-104",
  title: "Invitations of ignored users are not told, their changes to a room are",
  level: "must",
  specUrl: clientServerSpec("ignoring-users"),
  reason: "Being invited again and again is harassment; a room's name is the same for everybody.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    await ignore(bob, alice);
    const { next } = await syncOf(bob);
    const unwanted = await createRoom(alice);
    const invited = await alice.post(path`/rooms/${unwanted}/invite`, { user_id: bob.userId });
    await setState(alice, room, "m.room.topic", { topic: "told nevertheless" });
    const synced = await syncOf(bob, { since: next });
    await ignore(bob);
    await needed(Promise.resolve(invited));
    if (roomIn(synced, "invite", unwanted) !== undefined)
      return fail(synced.answer, "nothing of a room that an ignored user invites to");
    const isTold = timelineOf(synced, room).some((event) => event["type"] === "m.room.topic");
    return isTold ? pass() : fail(synced.answer, "the topic, although an ignored user has set it");
  },
};

export const invitationsCanBeBlocked: Rule = {
  id: "cs-105",
  title: "Who blocks invitations is not invited, and those who try are told",
  level: "must",
  specUrl: clientServerSpec("invite-permission"),
  reason: "The setting is a way out of a flood of invitations (since v1.18).",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    if (!speaks(context.versions, 18)) return skip("the server does not speak v1.18");
    const [alice, bob] = [await aliceOf(context), await bobOf(context)];
    const room = await createRoom(alice);
    const url = path`/user/${bob.userId}/account_data/m.invite_permission_config`;
    await needed(bob.put(url, { default_action: "block" }));
    const byInvite = await alice.post(path`/rooms/${room}/invite`, { user_id: bob.userId });
    const byState = await alice.put(path`/rooms/${room}/state/m.room.member/${bob.userId}`, { membership: "invite" });
    await needed(bob.put(url, {}));
    for (const answer of [byInvite, byState])
      if (!isRefused(answer, 403, "M_INVITE_BLOCKED")) return fail(answer, "403 M_INVITE_BLOCKED");
    const again = await alice.post(path`/rooms/${room}/invite`, { user_id: bob.userId });
    return again.status === 200 ? pass() : fail(again, "200 once invitations are not blocked any more");
  },
};

/** From now on these, and nobody else. */
export async function ignore(client: Client, ...ignored: readonly Client[]): Promise<void> {
  const url = path`/user/${client.userId}/account_data/m.ignored_user_list`;
  await needed(client.put(url, { ignored_users: Object.fromEntries(ignored.map(({ userId }) => [userId, {}])) }));
}
