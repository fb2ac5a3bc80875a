// Rules about rooms and what may be done in them: https://spec.matrix.org/v1.19/client-server-api/#rooms

import type { Exchange } from "../exchange.ts";
import { member, stringMember } from "../json.ts";
import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { aliceOf, isRefused, needed, neededString, path, serverOf } from "./client.ts";
import { createRoom, idsIn, say, sharedRoom } from "./room.ts";
import { getState, putState, setState, stateField } from "./state.ts";

export const presetsSetTheRules: Rule = {
  id: "cs-28",
  title: "The presets of a new room set who joins, who reads and whether guests come in",
  level: "must",
  specUrl: clientServerSpec("post_matrixclientv3createroom"),
  reason: "People choose `private` and rely on it.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    for (const [preset, joinRule, guests] of presets) {
      const room = await createRoom(alice, { preset });
      const found = [
        await stateField(alice, room, "m.room.join_rules", "join_rule"),
        await stateField(alice, room, "m.room.history_visibility", "history_visibility"),
        await stateField(alice, room, "m.room.guest_access", "guest_access"),
      ];
      const wanted = [joinRule, "shared", guests];
      // Guests are kept out where the room says nothing about them.
      if (found[2] === undefined) found[2] = "forbidden";
      if (found.join() !== wanted.join()) return fail(null, `${preset}: ${wanted.join(", ")}`, found.join(", "));
    }
    return pass();
  },
};

const presets = [
  ["private_chat", "invite", "can_join"],
  ["trusted_private_chat", "invite", "can_join"],
  ["public_chat", "public", "forbidden"],
] as const;

export const initialStateIsSet: Rule = {
  id: "cs-29",
  title: "A new room has the name, topic and state it was created with",
  level: "must",
  specUrl: clientServerSpec("post_matrixclientv3createroom"),
  reason: "The order of the events is fixed: `initial_state` comes after the preset, name and topic after that.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const initial_state = [
      { type: "m.room.join_rules", content: { join_rule: "knock" } },
      { type: "m.room.name", content: { name: "Overridden" } },
    ];
    const room = await createRoom(alice, { name: "Garden", topic: "Roses", initial_state });
    const found = [
      await stateField(alice, room, "m.room.name", "name"),
      await stateField(alice, room, "m.room.topic", "topic"),
      await stateField(alice, room, "m.room.join_rules", "join_rule"),
    ];
    return found.join() === "Garden,Roses,knock" ? pass() : fail(null, "Garden, Roses, knock", found.join(", "));
  },
};

export const powerLevelsAreKept: Rule = {
  id: "cs-30",
  title: "Whoever lacks the power level is refused",
  level: "must",
  specUrl: clientServerSpec("mroompower_levels"),
  reason: "A room's peace rests on it.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    const event = await say(alice, room, "alice's own");
    const attempts: readonly (readonly [string, () => Promise<Exchange>])[] = [
      ["sets the topic", () => putState(bob, room, "m.room.topic", { topic: "mine" })],
      ["raises himself", () => putState(bob, room, "m.room.power_levels", { users: { [bob.userId]: 100 } })],
      ["redacts another's event", () => bob.put(path`/rooms/${room}/redact/${event}/${"cs-30"}`)],
      ["bans", () => bob.post(path`/rooms/${room}/ban`, { user_id: `@contract-nobody:${serverOf(bob)}` })],
      ["sets another's state", () => putState(bob, room, "org.contract.note", {}, alice.userId)],
    ];
    for (const [what, attempt] of attempts) {
      const answer = await attempt();
      if (!isRefused(answer, 403, "M_FORBIDDEN")) return fail(answer, `403 M_FORBIDDEN where a plain member ${what}`);
    }
    return pass();
  },
};

export const redactionRemovesContent: Rule = {
  id: "cs-31",
  title: "A redacted event has lost its content, and says by what",
  level: "must",
  specUrl: clientServerSpec("redactions"),
  reason: "People take back what they have said; that it was there is all that stays.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    const event = await say(bob, room, "a word too many");
    const redaction = await neededString(
      bob.put(path`/rooms/${room}/redact/${event}/${"cs-31"}`, { reason: "sorry" }),
      "event_id",
    );
    const answer = await needed(alice.get(path`/rooms/${room}/event/${event}`));
    if (answer.text.includes("a word too many")) return fail(answer, "no content in the redacted event");
    const because = member(member(answer.json, "unsigned"), "redacted_because");
    if (stringMember(because, "event_id") !== redaction) return fail(answer, `\`redacted_because\` with ${redaction}`);
    const listed = await needed(alice.get(path`/rooms/${room}/messages`, { dir: "b" }));
    if (listed.text.includes("a word too many")) return fail(listed, "no content of the redacted event in a list");
    return pass();
  },
};

export const emptyStateKeyHasTwoPaths: Rule = {
  id: "cs-32",
  title: "The empty state key is written with the last slash or without it",
  level: "must",
  specUrl: clientServerSpec("put_matrixclientv3roomsroomidstateeventtypestatekey"),
  reason: "Both forms are in use among clients, and mean the same event.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const room = await createRoom(alice);
    const [bare, slashed] = [path`/rooms/${room}/state/m.room.topic`, path`/rooms/${room}/state/m.room.topic/`];
    for (const [written, read] of [
      [bare, slashed],
      [slashed, bare],
    ] as const) {
      const topic = `by ${written}`;
      const put = await alice.put(written, { topic });
      if (put.status !== 200) return fail(put, "200 in either form");
      const got = await alice.get(read);
      if (got.status !== 200 || stringMember(got.json, "topic") !== topic)
        return fail(got, "the topic that the other form has set");
    }
    return pass();
  },
};

export const absentStateIsNotFound: Rule = {
  id: "cs-33",
  title: "State that a room does not have is 404 M_NOT_FOUND",
  level: "must",
  specUrl: clientServerSpec("get_matrixclientv3roomsroomidstateeventtypestatekey"),
  reason: "That there is none is an answer, which clients fall back on.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const answer = await getState(alice, await createRoom(alice), "org.contract.absent");
    return isRefused(answer, 404, "M_NOT_FOUND") ? pass() : fail(answer, "404 M_NOT_FOUND");
  },
};

export const aliasesLeadToRooms: Rule = {
  id: "cs-34",
  title: "An alias leads to its room, is not given twice, and can be taken away",
  level: "must",
  specUrl: clientServerSpec("room-aliases"),
  reason: "It is the name that people pass on.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const room = await createRoom(alice);
    const url = path`/directory/room/${`#contract-${context.random(10)}:${serverOf(alice)}`}`;
    await needed(alice.put(url, { room_id: room }));
    const found = await alice.get(url);
    if (found.status !== 200 || stringMember(found.json, "room_id") !== room) return fail(found, `200 with ${room}`);
    const twice = await alice.put(url, { room_id: room });
    if (twice.status !== 409) return fail(twice, "409 for an alias that is taken");
    const listed = await needed(alice.get(path`/rooms/${room}/aliases`));
    if (!listed.text.includes("#contract-")) return fail(listed, "the alias among those of the room");
    await needed(alice.delete(url));
    const gone = await alice.get(url);
    return isRefused(gone, 404, "M_NOT_FOUND") ? pass() : fail(gone, "404 M_NOT_FOUND once it is deleted");
  },
};

export const upgradeLeavesTombstone: Rule = {
  id: "cs-35",
  title: "An upgraded room points to its successor, and that to it",
  level: "must",
  specUrl: clientServerSpec("room-upgrades"),
  reason: "Members follow the tombstone, and history is read through the predecessor.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const capabilities = member((await needed(alice.get("/capabilities"))).json, "capabilities");
    const new_version = stringMember(member(capabilities, "m.room_versions"), "default") ?? "11";
    const room = await createRoom(alice, { name: "Old house" });
    await setState(alice, room, "m.room.topic", { topic: "Moving" });
    const upgraded = await needed(alice.post(path`/rooms/${room}/upgrade`, { new_version }));
    const next = stringMember(upgraded.json, "replacement_room") ?? "";
    const tombstone = await getState(alice, room, "m.room.tombstone");
    if (stringMember(tombstone.json, "replacement_room") !== next)
      return fail(tombstone, `m.room.tombstone with ${next} in the old room`);
    const create = await getState(alice, next, "m.room.create");
    if (stringMember(member(create.json, "predecessor"), "room_id") !== room)
      return fail(create, `m.room.create with ${room} as the predecessor`);
    const name = await getState(alice, next, "m.room.name");
    if (stringMember(name.json, "name") !== "Old house") return fail(name, "the old room's name in the new one");
    return pass();
  },
};

export const contextSurroundsEvent: Rule = {
  id: "cs-36",
  title: "The context of an event is what stands before and after it",
  level: "must",
  specUrl: clientServerSpec("get_matrixclientv3roomsroomidcontexteventid"),
  reason: "A link to a message opens in the middle of the conversation.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const room = await createRoom(alice);
    const ids: string[] = [];
    for (const body of ["a", "b", "c", "d", "e"]) ids.push(await say(alice, room, body));
    const answer = await needed(alice.get(path`/rooms/${room}/context/${ids[2] ?? ""}`, { limit: "4" }));
    const [before, after] = [idsIn(answer.json, "events_before"), idsIn(answer.json, "events_after")];
    if (stringMember(member(answer.json, "event"), "event_id") !== ids[2]) return fail(answer, "the event itself");
    if (before[0] !== ids[1] || after[0] !== ids[3])
      return fail(answer, "`events_before` from the latest on, `events_after` from the earliest on");
    return pass();
  },
};
