// Rules about asking to be let in: https://spec.matrix.org/v1.19/client-server-api/#knocking-on-rooms

import type { Context } from "../context.ts";
import { member } from "../json.ts";
import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import type { SharedRoom } from "./room.ts";
import { aliceOf, bobOf, needed, path } from "./client.ts";
import { createRoom, objectsIn, say } from "./room.ts";
import { membershipOf } from "./state.ts";
import { roomIn, syncOf } from "./synced.ts";

const specUrl = clientServerSpec("knocking-on-rooms");

export const knockIsAnswered: Rule = {
  id: "cs-87",
  title: "A knock is told to the members and to whoever knocks, and lets nobody in until it is answered",
  level: "must",
  specUrl,
  reason: "Somebody inside decides; until then the room shows its door and nothing more.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await roomWithDoor(context);
    const secret = await say(alice, room, "for members only");
    const { next } = await syncOf(bob);
    const knocked = await bob.post(path`/knock/${room}`, { reason: "may I?" });
    if (knocked.status !== 200 || member(knocked.json, "room_id") !== room)
      return fail(knocked, `200 with ${room} as \`room_id\``);
    if ((await membershipOf(alice, room, bob.userId)) !== "knock") return fail(knocked, "bob's membership to be knock");
    const synced = await syncOf(bob, { since: next });
    const events = objectsIn(member(roomIn(synced, "knock", room), "knock_state"), "events");
    if (!events.some((event) => event["type"] === "m.room.name"))
      return fail(synced.answer, "the room under `knock`, with its name in `knock_state`");
    if (synced.answer.text.includes(secret)) return fail(synced.answer, "no event of the room's timeline");
    const early = await bob.post(path`/rooms/${room}/join`);
    if (early.status !== 403) return fail(early, "403 before the knock is answered");
    await needed(alice.post(path`/rooms/${room}/invite`, { user_id: bob.userId }));
    const joined = await bob.post(path`/rooms/${room}/join`);
    return joined.status === 200 ? pass() : fail(joined, "200 once the knock was answered with an invitation");
  },
};

export const knockIsTakenBack: Rule = {
  id: "cs-88",
  title: "A knock is taken back by leaving, or refused by a kick",
  level: "must",
  specUrl,
  reason: "Both sides may close the door again.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await roomWithDoor(context);
    for (const end of [
      () => bob.post(path`/rooms/${room}/leave`),
      () => alice.post(path`/rooms/${room}/kick`, { user_id: bob.userId }),
    ]) {
      await needed(bob.post(path`/knock/${room}`));
      const answer = await end();
      if (answer.status !== 200) return fail(answer, "200 for ending a knock");
      const membership = await membershipOf(alice, room, bob.userId);
      if (membership !== "leave") return fail(answer, "bob's membership to be leave", membership);
    }
    return pass();
  },
};

export const knockNeedsDoor: Rule = {
  id: "cs-89",
  title: "Nobody knocks on a room that is not set up for it, or from which they are banned",
  level: "must",
  specUrl,
  reason: "Without the join rule a knock is a message from a stranger that the room did not ask for.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await roomWithDoor(context);
    const closed = await bob.post(path`/knock/${await createRoom(alice)}`);
    if (closed.status !== 403) return fail(closed, "403 for a room for the invited");
    await needed(alice.post(path`/rooms/${room}/ban`, { user_id: bob.userId }));
    const banned = await bob.post(path`/knock/${room}`);
    return banned.status === 403 ? pass() : fail(banned, "403 for who is banned");
  },
};

/** A room of alice's that bob may knock on. */
async function roomWithDoor(context: Context): Promise<SharedRoom> {
  const [alice, bob] = [await aliceOf(context), await bobOf(context)];
  const initial_state = [{ type: "m.room.join_rules", state_key: "", content: { join_rule: "knock" } }];
  return { alice, bob, room: await createRoom(alice, { name: "A room with a door", initial_state }) };
}
