// Rules about loading members when they are needed: https://spec.matrix.org/v1.19/client-server-api/#lazy-loading-room-members

import type { Context } from "../context.ts";
import type { JsonObject } from "../json.ts";
import { member, stringMember } from "../json.ts";
import { fail, NotOffered, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { aliceOf, bobOf, needed, path, serverOf } from "./client.ts";
import { objectsIn, say, sharedRoom } from "./room.ts";
import { roomIn, syncOf } from "./synced.ts";

const specUrl = clientServerSpec("lazy-loading-room-members");

export const sendersAreLoaded: Rule = {
  id: "cs-80",
  title: "A sync that loads members lazily has the memberships of those who speak in it",
  level: "must",
  specUrl,
  reason: "A message without its sender's membership has neither a name nor a face.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, answer, members } = await lazySync(context);
    return members.includes(alice.userId)
      ? pass()
      : fail(answer, `the membership of ${alice.userId}, who has sent the last message, in \`state\``);
  },
};

export const silentAreNotLoaded: Rule = {
  id: "cs-81",
  title: "A sync that loads members lazily leaves out those who are silent",
  level: "should",
  specUrl,
  reason: "Of a room with thousands of members a phone loads the few whom it shows.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { silent, answer, members } = await lazySync(context);
    // Some of them may come as the room's heroes, but not more than those.
    return silent.every((userId) => members.includes(userId))
      ? fail(answer, `not all of the ${silent.length} members whom no event of the answer is from`)
      : pass();
  },
};

/** Bob's first sync of a room in which alice has spoken last, and which many others are only invited to. */
async function lazySync(context: Context) {
  const alice = await aliceOf(context);
  const silent = Array.from({ length: 8 }, (_, number) => `@contract-nobody-${number}:${serverOf(alice)}`);
  const created = await alice.post("/createRoom", { preset: "public_chat", name: "Lazy", invite: silent });
  const room = stringMember(created.json, "room_id");
  if (room === undefined) throw new NotOffered("the server invites nobody whom it does not know");
  const bob = await bobOf(context);
  await needed(bob.post(path`/rooms/${room}/join`));
  await say(alice, room, "the last word");
  const timeline = { limit: 1, types: ["m.room.message"] };
  const filter = { room: { rooms: [room], timeline, state: { lazy_load_members: true } } };
  const { answer, next } = await syncOf(bob, { filter });
  const members = membersIn(member(roomIn({ answer, next }, "join", room), "state"), "events");
  return { alice, silent, answer, members };
}

export const pagesHaveTheirSenders: Rule = {
  id: "cs-82",
  title: "A page of messages, and the context of one, has the memberships of its senders where they are loaded lazily",
  level: "must",
  specUrl,
  reason: "Who scrolls back meets people whom the client has never heard of.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    const event = await say(alice, room, "from alice");
    const filter = JSON.stringify({ lazy_load_members: true });
    for (const [url, query] of [
      [path`/rooms/${room}/messages`, { dir: "b", limit: "1" }],
      [path`/rooms/${room}/context/${event}`, { limit: "0" }],
    ] as const) {
      const answer = await needed(bob.get(url, { ...query, filter }));
      if (!membersIn(answer.json, "state").includes(alice.userId))
        return fail(answer, `the membership of ${alice.userId}, who has sent the event, in \`state\``);
    }
    return pass();
  },
};

function membersIn(value: unknown, key: string): readonly unknown[] {
  const isMember = (event: JsonObject): boolean => event["type"] === "m.room.member";
  return objectsIn(value, key)
    .filter(isMember)
    .map((event) => event["state_key"]);
}
