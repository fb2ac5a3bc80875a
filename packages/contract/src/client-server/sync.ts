// Rules about following what happens: https://spec.matrix.org/v1.19/client-server-api/#syncing

import { stringMember, member } from "../json.ts";
import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { aliceOf, bobOf, needed, path } from "./client.ts";
import { allPages, createRoom, difference, objectsIn, say, sayAll, send, sharedRoom } from "./room.ts";
import { setState } from "./state.ts";
import { roomIn, syncOf, syncUntil, timelineOf, toDeviceOf, withState } from "./synced.ts";

const syncUrl = clientServerSpec("get_matrixclientv3sync");

export const deltasAddUpToState: Rule = {
  id: "cs-17",
  title: "The state told piece by piece is the state that a new sync tells at once",
  level: "derived",
  specUrl: clientServerSpec("syncing"),
  reason: "A client that has been online all along and one that has just begun must show the same room.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    let synced = await syncOf(bob);
    let known = withState(new Map(), synced, room);
    for (const topic of ["one", "two", "three"]) {
      await setState(alice, room, "m.room.topic", { topic });
      await setState(alice, room, "org.contract.note", { topic }, topic);
      await sayAll(alice, room, 2);
      // A short timeline, so that some of the state has to be told beside it.
      synced = await syncOf(bob, { since: synced.next, filter: { room: { timeline: { limit: 1 } } } });
      known = withState(known, synced, room);
    }
    const fresh = await syncOf(bob, { filter: { room: { timeline: { limit: 1 } } } });
    const whole = withState(new Map(), fresh, room);
    const lines = (state: ReadonlyMap<string, string>) => Array.from(state, (entry) => entry.join(" ")).toSorted();
    const wrong = difference(lines(known), lines(whole));
    return wrong === undefined ? pass() : fail(fresh.answer, "the same state event by event", wrong);
  },
};

export const eventsAreToldOnce: Rule = {
  id: "cs-18",
  title: "From token to token every event is told once",
  level: "derived",
  specUrl: syncUrl,
  reason: "The token is all that a client keeps; what falls between two answers is lost to it.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    let synced = await syncOf(bob);
    const told: string[] = [];
    const sent: string[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      sent.push(...(await sayAll(turn % 2 === 0 ? alice : bob, room, 3)));
      synced = await syncOf(bob, { since: synced.next });
      told.push(...timelineOf(synced, room).flatMap((event) => stringMember(event, "event_id") ?? []));
    }
    const wrong = difference(told, sent);
    return wrong === undefined ? pass() : fail(synced.answer, "the messages sent, each once and in order", wrong);
  },
};

export const gapsCanBeFilled: Rule = {
  id: "cs-19",
  title: "A gap is told by `limited`, and filled from `prev_batch`",
  level: "must",
  specUrl: clientServerSpec("syncing"),
  reason: "Whoever was away for long gets the end of what happened, and has to be able to read the rest.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    const before = await syncOf(bob);
    const sent = await sayAll(alice, room, 12);
    const synced = await syncOf(bob, { since: before.next, filter: { room: { timeline: { limit: 4 } } } });
    const timeline = member(roomIn(synced, "join", room), "timeline");
    const from = stringMember(timeline, "prev_batch");
    if (member(timeline, "limited") !== true || from === undefined)
      return fail(synced.answer, "`limited` true with a `prev_batch` after twelve messages with a limit of four");
    const tail = timelineOf(synced, room).flatMap((event) => stringMember(event, "event_id") ?? []);
    if (tail.length > 4) return fail(synced.answer, "four events at most", `${tail.length} events`);
    const filled = await allPages(
      (more) => bob.get(path`/rooms/${room}/messages`, { dir: "b", limit: "3", from: more ?? from, to: before.next }),
      { items: "chunk", next: "end" },
    );
    const all = [...filled.ids.toReversed(), ...tail];
    const wrong = difference(all.slice(all.indexOf(sent[0] ?? "")), sent);
    return wrong === undefined ? pass() : fail(filled.last, "the timeline and the gap to be all that was sent", wrong);
  },
};

export const longPollIsAnswered: Rule = {
  id: "cs-20",
  title: "A sync that waits is answered when something happens",
  level: "must",
  specUrl: syncUrl,
  reason: "It is how messages arrive at once although nobody asks all the time.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    const { next } = await syncOf(bob);
    const waiting = syncUntil(bob, next, (one) => timelineOf(one, room).length > 0);
    const [synced, event] = await Promise.all([waiting, say(alice, room, "news")]);
    const told = timelineOf(synced, room).some((one) => one["event_id"] === event);
    return told ? pass() : fail(synced.answer, `${event} in the answer to whoever waits`);
  },
};

export const longPollEnds: Rule = {
  id: "cs-21",
  title: "A sync that waits is answered at its time-out although nothing happens",
  level: "must",
  specUrl: syncUrl,
  reason: "Proxies close connections that are silent for long; the client asks again before they do.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const bob = await bobOf(context);
    const { next } = await syncOf(bob);
    const answer = await bob.get("/sync", { since: next, timeout: "300" });
    if (answer.status !== 200 || stringMember(answer.json, "next_batch") === undefined)
      return fail(answer, "200 with `next_batch`");
    return pass();
  },
};

export const toDeviceIsToldOnce: Rule = {
  id: "cs-22",
  title: "A to-device message is told until a later token acknowledges it, and then no more",
  level: "must",
  specUrl: clientServerSpec("server-behaviour-8"),
  reason: "It carries room keys: lost is undecryptable, and twice costs a client's ratchet its place.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const [alice, bob] = [await aliceOf(context), await bobOf(context)];
    const type = "org.contract.note";
    const before = await syncOf(bob);
    const messages = { [bob.userId]: { [bob.deviceId]: { number: 1 } } };
    for (let attempt = 0; attempt < 2; attempt += 1)
      await needed(alice.put(path`/sendToDevice/${type}/${`cs-22-${before.next}`}`, { messages }));
    const first = await syncOf(bob, { since: before.next });
    const told = toDeviceOf(first, type);
    if (told.length !== 1 || told[0]?.["sender"] !== alice.userId)
      return fail(first.answer, "one message of alice's, although the transaction came twice");
    const again = await syncOf(bob, { since: before.next });
    if (toDeviceOf(again, type).length !== 1) return fail(again.answer, "the message again for the same `since`");
    const after = await syncOf(bob, { since: again.next });
    if (toDeviceOf(after, type).length > 0) return fail(after.answer, "no message that a token has acknowledged");
    return pass();
  },
};

export const filtersAreKept: Rule = {
  id: "cs-23",
  title: "A filter, given or by its ID, leaves out what it says",
  level: "must",
  specUrl: clientServerSpec("filtering"),
  reason: "Clients on small lines name what they can show, and pay for the rest.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    const filter = { room: { rooms: [room], timeline: { types: ["org.contract.*"], not_types: ["org.contract.b"] } } };
    const defined = await needed(bob.post(path`/user/${bob.userId}/filter`, filter));
    const id = stringMember(defined.json, "filter_id") ?? "";
    const got = await bob.get(path`/user/${bob.userId}/filter/${id}`);
    if (got.status !== 200) return fail(got, "200 with the filter that was defined");
    const { next } = await syncOf(bob);
    for (const type of ["org.contract.a", "org.contract.b", "m.room.message"])
      await needed(send(alice, room, type, { msgtype: "m.text", body: "filtered" }));
    for (const given of [id, JSON.stringify(filter)]) {
      const answer = await needed(bob.get("/sync", { since: next, filter: given }));
      const types = timelineOf({ answer, next }, room).map((event) => event["type"]);
      if (types.join() !== "org.contract.a")
        return fail(answer, "the event of type org.contract.a alone", types.join(", ") || "none of them");
    }
    return pass();
  },
};

export const leftRoomsAreTold: Rule = {
  id: "cs-24",
  title: "A room that one has left is told under `leave` once, up to leaving and no further",
  level: "must",
  specUrl: syncUrl,
  reason: "The other devices learn of it this way; what happens there afterwards is no business of theirs.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    const before = await syncOf(bob);
    const seen = await say(alice, room, "before");
    await needed(bob.post(path`/rooms/${room}/leave`));
    const unseen = await say(alice, room, "after");
    const left = await syncOf(bob, { since: before.next });
    if (roomIn(left, "join", room) !== undefined || roomIn(left, "leave", room) === undefined)
      return fail(left.answer, "the room under `leave`, and not under `join`");
    const ids = timelineOf(left, room, "leave").map((event) => event["event_id"]);
    if (!ids.includes(seen)) return fail(left.answer, `${seen}, which was sent before bob left`);
    if (ids.includes(unseen)) return fail(left.answer, `nothing sent after bob left, such as ${unseen}`);
    const after = await syncOf(bob, { since: left.next });
    if (roomIn(after, "leave", room) !== undefined) return fail(after.answer, "nothing of the room any more");
    return pass();
  },
};

export const invitationsAreTold: Rule = {
  id: "cs-25",
  title: "An invitation is told with enough of the room to decide by, and nothing more",
  level: "must",
  specUrl: syncUrl,
  reason: "Whoever is invited wants to know by whom and to where, but is no member yet.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const [alice, bob] = [await aliceOf(context), await bobOf(context)];
    const room = await createRoom(alice, { name: "A room to be invited to" });
    const secret = await say(alice, room, "for members only");
    const before = await syncOf(bob);
    await needed(alice.post(path`/rooms/${room}/invite`, { user_id: bob.userId }));
    const synced = await syncOf(bob, { since: before.next });
    const events = objectsIn(member(roomIn(synced, "invite", room), "invite_state"), "events");
    const own = events.find((event) => event["type"] === "m.room.member" && event["state_key"] === bob.userId);
    if (own === undefined || stringMember(own, "sender") !== alice.userId)
      return fail(synced.answer, "the room under `invite` with bob's membership, of which alice is the sender");
    if (!events.some((event) => event["type"] === "m.room.name"))
      return fail(synced.answer, "the room's name in `invite_state`");
    if (synced.answer.text.includes(secret)) return fail(synced.answer, "no event of the room's timeline");
    return pass();
  },
};
