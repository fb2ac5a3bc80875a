// Rules about the state that a sync tells: https://spec.matrix.org/v1.19/client-server-api/#syncing

import type { JsonObject } from "../json.ts";
import { member, stringMember } from "../json.ts";
import { fail, pass, skip } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { speaks } from "../versions.ts";
import { needed, path } from "./client.ts";
import { objectsIn, say, sayAll, sharedRoom } from "./room.ts";
import { setState } from "./state.ts";
import type { SyncQuery } from "./synced.ts";
import { roomIn, syncOf, timelineOf } from "./synced.ts";

const syncUrl = clientServerSpec("get_matrixclientv3sync");

export const stateAfterIsTheEnd: Rule = {
  id: "cs-83",
  title: "With `use_state_after` the state told is that at the end of the timeline, and is told apart",
  level: "must",
  specUrl: syncUrl,
  reason: "The timeline's order is not always that of the state, so that a client cannot work the end out by itself.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    const { next } = await syncOf(bob);
    for (const topic of ["one", "two"]) await setState(alice, room, "m.room.topic", { topic });
    await say(alice, room, "after the topic");
    const filter = { room: { rooms: [room], timeline: { limit: 2 } } };
    for (const query of [{ filter }, { filter, since: next }] satisfies SyncQuery[]) {
      const synced = await syncOf(bob, { ...query, use_state_after: "true" });
      const told = roomIn(synced, "join", room);
      const after = member(told, "state_after");
      if (after === undefined && !speaks(context.versions, 16)) return skip("the server does not speak v1.16");
      if (after === undefined) return fail(synced.answer, "`state_after`, be it empty");
      if (member(told, "state") !== undefined) return fail(synced.answer, "no `state` beside `state_after`");
      const topics = objectsIn(after, "events").filter((event) => event["type"] === "m.room.topic");
      if (topics.length !== 1 || !hasContent(topics[0], "topic", "two"))
        return fail(synced.answer, "the topic that was set last, and no other, in `state_after`");
    }
    return pass();
  },
};

function hasContent(event: JsonObject | undefined, key: string, value: string): boolean {
  return stringMember(event?.["content"], key) === value;
}

export const fullStateIsTold: Rule = {
  id: "cs-84",
  title: "With `full_state` a sync tells the whole state of every room, changed or not",
  level: "must",
  specUrl: syncUrl,
  reason: "A client that has lost its place asks for it once, and is right again.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { bob, room } = await sharedRoom(context);
    const { next } = await syncOf(bob);
    const filter = { room: { rooms: [room] } };
    const synced = await syncOf(bob, { since: next, filter, full_state: "true" });
    const types = objectsIn(member(roomIn(synced, "join", room), "state"), "events").map((event) => event["type"]);
    const missing = ["m.room.create", "m.room.join_rules", "m.room.power_levels"].find((type) => !types.includes(type));
    return missing === undefined ? pass() : fail(synced.answer, `${missing} in the room's \`state\``);
  },
};

export const leftRoomsAreAskedFor: Rule = {
  id: "cs-85",
  title: "A first sync tells of rooms that one has left if it is asked to, and not otherwise",
  level: "must",
  specUrl: clientServerSpec("filtering"),
  reason: "People leave more rooms than they are in; only an archive wants to show them.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { bob, room } = await sharedRoom(context);
    await needed(bob.post(path`/rooms/${room}/leave`));
    const asked = await syncOf(bob, { filter: { room: { rooms: [room], include_leave: true } } });
    if (roomIn(asked, "leave", room) === undefined)
      return fail(asked.answer, "the room under `leave` with `include_leave`");
    const plain = await syncOf(bob, { filter: { room: { rooms: [room] } } });
    return roomIn(plain, "leave", room) === undefined
      ? pass()
      : fail(plain.answer, "nothing under `leave` without `include_leave`");
  },
};

export const summaryNamesRoom: Rule = {
  id: "cs-86",
  title: "A room without a name comes with its members' number, and with others to name it after",
  level: "must",
  specUrl: syncUrl,
  reason: "A client that loads its members lazily knows neither otherwise.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    await sayAll(alice, room, 1);
    const filter = { room: { rooms: [room], state: { lazy_load_members: true } } };
    const synced = await syncOf(bob, { filter });
    const summary = member(roomIn(synced, "join", room), "summary");
    const heroes = member(summary, "m.heroes");
    if (!Array.isArray(heroes) || heroes.join() !== alice.userId)
      return fail(synced.answer, `\`m.heroes\` with ${alice.userId} alone: the others in the room, not bob himself`);
    if (member(summary, "m.joined_member_count") !== 2) return fail(synced.answer, "`m.joined_member_count` of 2");
    const state = objectsIn(member(roomIn(synced, "join", room), "state"), "events");
    const told = [...state, ...timelineOf(synced, room)].map((event) => [event["type"], event["state_key"]].join(" "));
    return told.includes(`m.room.member ${alice.userId}`)
      ? pass()
      : fail(synced.answer, `the membership of ${alice.userId}, whom the room is named after`);
  },
};
