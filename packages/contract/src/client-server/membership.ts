// Rules about who is in a room: https://spec.matrix.org/v1.19/client-server-api/#room-membership

import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { aliceOf, bobOf, isRefused, needed, path } from "./client.ts";
import { createRoom, idsIn, say, sharedRoom, withHistory } from "./room.ts";
import { membershipOf } from "./state.ts";

export const invitationIsNeeded: Rule = {
  id: "cs-37",
  title: "A room for the invited is joined with an invitation, and not without",
  level: "must",
  specUrl: clientServerSpec("joining-rooms"),
  reason: "The join rule is what makes a room private.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const [alice, bob] = [await aliceOf(context), await bobOf(context)];
    const room = await createRoom(alice);
    const early = await bob.post(path`/rooms/${room}/join`);
    if (early.status !== 403) return fail(early, "403 without an invitation");
    await needed(alice.post(path`/rooms/${room}/invite`, { user_id: bob.userId }));
    const joined = await bob.post(path`/rooms/${room}/join`);
    if (joined.status !== 200) return fail(joined, "200 with an invitation");
    const membership = await membershipOf(alice, room, bob.userId);
    return membership === "join" ? pass() : fail(joined, "bob's membership to be join", membership);
  },
};

export const banKeepsOut: Rule = {
  id: "cs-38",
  title: "Whoever is kicked may come back, whoever is banned only once that is lifted",
  level: "must",
  specUrl: clientServerSpec("banning-users-in-a-room"),
  reason: "The two look alike to the person and differ in exactly this.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    const join = () => bob.post(path`/rooms/${room}/join`);
    const user_id = bob.userId;
    await needed(alice.post(path`/rooms/${room}/kick`, { user_id, reason: "a breath of air" }));
    if ((await membershipOf(alice, room, user_id)) !== "leave") return fail(null, "membership leave after a kick");
    const back = await join();
    if (back.status !== 200) return fail(back, "200: a kick does not keep out of a public room");
    await needed(alice.post(path`/rooms/${room}/ban`, { user_id }));
    const banned = await join();
    if (banned.status !== 403) return fail(banned, "403 for whoever is banned");
    await needed(alice.post(path`/rooms/${room}/unban`, { user_id }));
    if ((await membershipOf(alice, room, user_id)) !== "leave") return fail(null, "membership leave once unbanned");
    const lifted = await join();
    return lifted.status === 200 ? pass() : fail(lifted, "200 once the ban is lifted");
  },
};

export const strangersSeeNothing: Rule = {
  id: "cs-39",
  title: "Whoever is not in a private room reads nothing of it and says nothing in it",
  level: "must",
  specUrl: clientServerSpec("room-history-visibility"),
  reason: "Knowing a room's ID is no right to it.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const [alice, bob] = [await aliceOf(context), await bobOf(context)];
    const room = await createRoom(alice);
    const event = await say(alice, room, "between us");
    for (const url of [
      path`/rooms/${room}/messages`,
      path`/rooms/${room}/state`,
      path`/rooms/${room}/members`,
      path`/rooms/${room}/joined_members`,
      path`/rooms/${room}/context/${event}`,
    ]) {
      const answer = await bob.get(url, url.endsWith("messages") ? { dir: "b" } : {});
      if (answer.status !== 403 && answer.status !== 404) return fail(answer, `403 M_FORBIDDEN from ${url}`);
    }
    const single = await bob.get(path`/rooms/${room}/event/${event}`);
    if (single.status !== 404 && single.status !== 403) return fail(single, "404 M_NOT_FOUND for the event");
    const spoken = await bob.put(path`/rooms/${room}/send/m.room.message/${"cs-39"}`, {
      msgtype: "m.text",
      body: "hi",
    });
    return isRefused(spoken, 403, "M_FORBIDDEN") ? pass() : fail(spoken, "403 M_FORBIDDEN for sending");
  },
};

export const historyIsHidden: Rule = {
  id: "cs-40",
  title: "With history for the joined, what was said before joining stays unseen",
  level: "must",
  specUrl: clientServerSpec("room-history-visibility"),
  reason: "People speak differently depending on who will read it.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const [alice, bob] = [await aliceOf(context), await bobOf(context)];
    const room = await createRoom(alice, { preset: "public_chat", ...withHistory("joined") });
    const early = await say(alice, room, "before");
    await needed(bob.post(path`/rooms/${room}/join`));
    const late = await say(alice, room, "after");
    const listed = await needed(bob.get(path`/rooms/${room}/messages`, { dir: "b", limit: "50" }));
    const ids = idsIn(listed.json, "chunk");
    if (!ids.includes(late)) return fail(listed, `${late}, which was sent after bob joined`);
    if (ids.includes(early)) return fail(listed, `no ${early}, which was sent before`);
    const single = await bob.get(path`/rooms/${room}/event/${early}`);
    return single.status === 404 || single.status === 403 ? pass() : fail(single, "404 M_NOT_FOUND for what is hidden");
  },
};

export const forgottenRoomIsLeft: Rule = {
  id: "cs-41",
  title: "A room is forgotten once it is left, and not before",
  level: "must",
  specUrl: clientServerSpec("leaving-rooms"),
  reason: "Forgetting gives up the history; a member who does so by accident would be lost in the room.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { bob, room } = await sharedRoom(context);
    const early = await bob.post(path`/rooms/${room}/forget`);
    if (early.status !== 400) return fail(early, "400 while bob is in the room");
    await needed(bob.post(path`/rooms/${room}/leave`));
    const forgotten = await bob.post(path`/rooms/${room}/forget`);
    if (forgotten.status !== 200) return fail(forgotten, "200 once the room is left");
    const after = await bob.get(path`/rooms/${room}/messages`, { dir: "b" });
    return after.status === 403 || after.status === 404 ? pass() : fail(after, "403 for the history given up");
  },
};
