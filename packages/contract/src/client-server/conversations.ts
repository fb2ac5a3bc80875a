// Rules about what a conversation is made of: https://spec.matrix.org/v1.19/client-server-api/#forming-relationships-between-events

import { member, stringMember } from "../json.ts";
import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { aliceOf, bobOf, isRefused, needed, path, serverOf } from "./client.ts";
import { createRoom, say, sharedRoom } from "./room.ts";
import { setState } from "./state.ts";
import { roomIn, syncOf, timelineOf } from "./synced.ts";
import { ignore } from "./unwanted.ts";

export const editsAreBundled: Rule = {
  id: "cs-72",
  title: "An edited event carries its latest edit, and nobody else's",
  level: "must",
  specUrl: clientServerSpec("event-replacements"),
  reason: "Clients show the new text without reading everything that came after.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    const event = await say(alice, room, "one");
    const edit = (body: string) => ({
      "m.new_content": { msgtype: "m.text", body },
      "m.relates_to": { rel_type: "m.replace", event_id: event },
    });
    await say(alice, room, "* two", edit("two"));
    // Of two edits in the same millisecond the one with the greater event ID counts as the later.
    await context.clock?.advance(2);
    await context.wait.sleep(2);
    const latest = await say(alice, room, "* three", edit("three"));
    await say(bob, room, "* forged", edit("forged"));
    const answer = await needed(bob.get(path`/rooms/${room}/event/${event}`));
    const bundled = member(member(member(answer.json, "unsigned"), "m.relations"), "m.replace");
    return stringMember(bundled, "event_id") === latest
      ? pass()
      : fail(answer, `alice's last edit, ${latest}, in \`unsigned.m.relations.m.replace\``);
  },
};

export const threadsAreBundled: Rule = {
  id: "cs-73",
  title: "The root of a thread carries its latest reply and their number",
  level: "must",
  specUrl: clientServerSpec("server-side-aggregation-of-mthread-relationships"),
  reason: "The timeline shows that there is a thread, and what was said in it last.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    const root = await say(alice, room, "root");
    const reply = { "m.relates_to": { rel_type: "m.thread", event_id: root } };
    await say(alice, room, "one", reply);
    const latest = await say(bob, room, "two", reply);
    const answer = await needed(alice.get(path`/rooms/${room}/event/${root}`));
    const thread = member(member(member(answer.json, "unsigned"), "m.relations"), "m.thread");
    if (member(thread, "count") !== 2) return fail(answer, "`count` 2 in `unsigned.m.relations.m.thread`");
    if (stringMember(member(thread, "latest_event"), "event_id") !== latest)
      return fail(answer, `${latest} as its \`latest_event\``);
    return member(thread, "current_user_participated") === true
      ? pass()
      : fail(answer, "`current_user_participated` true for who has replied");
  },
};

export const unreadIsCounted: Rule = {
  id: "cs-74",
  title: "What is unread is counted, mentions apart, until it is read",
  level: "must",
  specUrl: clientServerSpec("receiving-notifications"),
  reason: "The numbers beside the rooms say where somebody is waited for.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    await say(alice, room, "one");
    const last = await say(alice, room, "and you?", { "m.mentions": { user_ids: [bob.userId] } });
    const counted = async () => {
      const synced = await syncOf(bob);
      const counts = member(roomIn(synced, "join", room), "unread_notifications");
      return { ...synced, found: [member(counts, "notification_count"), member(counts, "highlight_count")].join() };
    };
    const before = await counted();
    if (before.found !== "2,1") return fail(before.answer, "2 notifications, 1 highlight", before.found);
    await needed(bob.post(path`/rooms/${room}/receipt/m.read/${last}`));
    const after = await counted();
    return after.found === "0,0" ? pass() : fail(after.answer, "none once it is read", after.found);
  },
};

export const ignoredUsersAreUnheard: Rule = {
  id: "cs-75",
  title: "Messages of ignored users are not told",
  level: "must",
  specUrl: clientServerSpec("ignoring-users"),
  reason: "Whoever is harassed does not want to see it, on any device.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    await ignore(bob, alice);
    const { next } = await syncOf(bob);
    const unheard = await say(alice, room, "unheard");
    const own = await say(bob, room, "silence at last");
    const synced = await syncOf(bob, { since: next });
    await ignore(bob);
    const ids = timelineOf(synced, room).map((event) => event["event_id"]);
    if (!ids.includes(own)) return fail(synced.answer, `${own}, which bob has sent himself`);
    return ids.includes(unheard) ? fail(synced.answer, `no ${unheard}, which is an ignored user's`) : pass();
  },
};

export const timestampsLeadToEvents: Rule = {
  id: "cs-76",
  title: "A point in time leads to the next event in the direction asked for",
  level: "must",
  specUrl: clientServerSpec("get_matrixclientv1roomsroomidtimestamp_to_event"),
  reason: "It is how people jump to a date.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const room = await createRoom(alice);
    const event = await say(alice, room, "the last");
    const at = member((await needed(alice.get(path`/rooms/${room}/event/${event}`))).json, "origin_server_ts");
    const url = path`/_matrix/client/v1/rooms/${room}/timestamp_to_event`;
    const late = String(Number(at) + 1000);
    const backwards = await alice.get(url, { ts: late, dir: "b" });
    const found = Number(member(backwards.json, "origin_server_ts"));
    if (backwards.status !== 200 || !(found >= Number(at)) || found > Number(late))
      return fail(backwards, `200 with the last event before ${late}, such as ${event} of ${String(at)}`);
    const forwards = await alice.get(url, { ts: late, dir: "f" });
    return isRefused(forwards, 404, "M_NOT_FOUND") ? pass() : fail(forwards, "404 M_NOT_FOUND after the last event");
  },
};

export const restrictedRoomsLookElsewhere: Rule = {
  id: "cs-77",
  title: "A restricted room is joined by the members of the rooms that it names, and by no others",
  level: "must",
  specUrl: clientServerSpec("restricted-rooms"),
  reason: "The members of a space come into its rooms without being invited one by one.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const [alice, bob] = [await aliceOf(context), await bobOf(context)];
    const space = await createRoom(alice, { preset: "public_chat", creation_content: { type: "m.space" } });
    const room = await createRoom(alice);
    await setState(alice, room, "m.room.join_rules", {
      join_rule: "restricted",
      allow: [{ type: "m.room_membership", room_id: space }],
    });
    const early = await bob.post(path`/rooms/${room}/join`);
    if (early.status !== 403) return fail(early, "403 for who is not in the space");
    await needed(bob.post(path`/rooms/${space}/join`, {}, { query: { via: serverOf(alice) } }));
    const joined = await bob.post(path`/rooms/${room}/join`);
    return joined.status === 200 ? pass() : fail(joined, "200 for a member of the space");
  },
};

export const invitationsCanBeDeclined: Rule = {
  id: "cs-78",
  title: "An invitation that is declined, or taken back, opens nothing any more",
  level: "must",
  specUrl: clientServerSpec("leaving-rooms"),
  reason: "Both sides can change their mind.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const [alice, bob] = [await aliceOf(context), await bobOf(context)];
    const user_id = bob.userId;
    const room = await createRoom(alice);
    for (const [what, end] of [
      ["declined", () => bob.post(path`/rooms/${room}/leave`)],
      ["taken back", () => alice.post(path`/rooms/${room}/kick`, { user_id })],
    ] as const) {
      await needed(alice.post(path`/rooms/${room}/invite`, { user_id }));
      await needed(end());
      const answer = await bob.post(path`/rooms/${room}/join`);
      if (answer.status !== 403) return fail(answer, `403 with an invitation that was ${what}`);
    }
    return pass();
  },
};

export const forgedTokensAreRefused: Rule = {
  id: "cs-79",
  title: "A token that the server has not given out is a 400",
  level: "derived",
  specUrl: clientServerSpec("get_matrixclientv3roomsroomidmessages"),
  reason: "A client that mixes up its tokens would otherwise read from somewhere and never know.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const room = await createRoom(alice);
    const from = "contract-no-token";
    const messages = await alice.get(path`/rooms/${room}/messages`, { dir: "b", from });
    if (messages.status !== 400) return fail(messages, "400 for /messages from a token that is none");
    const synced = await alice.get("/sync", { since: from });
    return synced.status === 400 ? pass() : fail(synced, "400 for /sync since a token that is none");
  },
};
