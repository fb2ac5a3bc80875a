// Rules about what counts as read: https://spec.matrix.org/v1.19/client-server-api/#read-and-unread-markers

import type { Context } from "../context.ts";
import { member, stringMember } from "../json.ts";
import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { isRefused, needed, path } from "./client.ts";
import { objectsIn, say, sharedRoom } from "./room.ts";
import { ephemeralOf, roomIn, syncOf, syncUntil } from "./synced.ts";

export const markerIsKept: Rule = {
  id: "cs-99",
  title: "The read marker is told to the user's devices, and the receipt set with it to the others",
  level: "must",
  specUrl: clientServerSpec("fully-read-markers"),
  reason: "One goes on reading on the telephone where one has stopped at the desk.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    const [first, second] = [await say(alice, room, "one"), await say(alice, room, "two")];
    const [{ next }, { next: others }] = [await syncOf(bob), await syncOf(alice)];
    await needed(bob.post(path`/rooms/${room}/read_markers`, { "m.fully_read": first, "m.read": second }));
    const synced = await syncOf(bob, { since: next });
    const data = objectsIn(member(roomIn(synced, "join", room), "account_data"), "events");
    const marker = data.find((event) => event["type"] === "m.fully_read");
    if (stringMember(marker?.["content"], "event_id") !== first)
      return fail(synced.answer, `m.fully_read with ${first} in the room's \`account_data\``);
    const hasReceipt = (one: Parameters<typeof ephemeralOf>[0]) => {
      const content = member(ephemeralOf(one, room, "m.receipt"), "content");
      return member(member(member(content, second), "m.read"), bob.userId) !== undefined;
    };
    const told = await syncUntil(alice, others, hasReceipt);
    return hasReceipt(told) ? pass() : fail(told.answer, `m.read of ${second} by ${bob.userId}`);
  },
};

export const privateReceiptCounts: Rule = {
  id: "cs-100",
  title: "A private receipt ends what was unread as a public one does",
  level: "must",
  specUrl: clientServerSpec("private-read-receipts"),
  reason: "Whoever keeps their reading to themselves has read all the same.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    const last = await say(alice, room, "news");
    await needed(bob.post(path`/rooms/${room}/receipt/${"m.read.private"}/${last}`));
    const synced = await syncOf(bob, { filter: { room: { rooms: [room] } } });
    const count = member(member(roomIn(synced, "join", room), "unread_notifications"), "notification_count");
    return count === 0 ? pass() : fail(synced.answer, "`notification_count` 0 once all is read", String(count));
  },
};

export const threadsAreCountedApart: Rule = {
  id: "cs-101",
  title: "Threads are counted apart for who asks for it, and read apart",
  level: "must",
  specUrl: clientServerSpec("receiving-notifications"),
  reason: "A client with threads shows which conversation of the room waits for an answer.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { bob, room, root, reply } = await roomWithThread(context);
    const counted = async () => {
      const filter = { room: { rooms: [room], timeline: { unread_thread_notifications: true } } };
      const { answer, next } = await syncOf(bob, { filter });
      const told = roomIn({ answer, next }, "join", room);
      const thread = member(member(told, "unread_thread_notifications"), root);
      const numbers = [member(told, "unread_notifications"), thread].map(
        (counts) => member(counts, "notification_count") ?? 0,
      );
      return { answer, found: numbers.join() };
    };
    const read = (event: string, thread_id: string) =>
      needed(bob.post(path`/rooms/${room}/receipt/m.read/${event}`, { thread_id }));
    const before = await counted();
    if (before.found !== "1,2") return fail(before.answer, "1 in the main timeline, 2 in the thread", before.found);
    await read(reply, root);
    const between = await counted();
    if (between.found !== "1,0") return fail(between.answer, "1 and 0 once the thread is read", between.found);
    await read(root, "main");
    const after = await counted();
    return after.found === "0,0" ? pass() : fail(after.answer, "0 and 0 once both are read", after.found);
  },
};

export const threadsAreCountedTogether: Rule = {
  id: "cs-102",
  title: "Without asking for it, what is unread in threads counts with the rest",
  level: "must",
  specUrl: clientServerSpec("receiving-notifications"),
  reason: "A client without threads shows their messages in the one timeline that it has.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { bob, room } = await roomWithThread(context);
    const synced = await syncOf(bob, { filter: { room: { rooms: [room] } } });
    const told = roomIn(synced, "join", room);
    const count = member(member(told, "unread_notifications"), "notification_count");
    return count === 3 ? pass() : fail(synced.answer, "`notification_count` 3, the thread's 2 included", String(count));
  },
};

export const threadReceiptsAreTold: Rule = {
  id: "cs-103",
  title: "A receipt of a thread is told with the thread, and refused where the event is not in it",
  level: "must",
  specUrl: clientServerSpec("threaded-read-receipts"),
  reason: "Told without its thread it would move the mark of the whole room.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room, root, reply } = await roomWithThread(context);
    const other = await say(alice, room, "another root");
    const url = path`/rooms/${room}/receipt/m.read/${reply}`;
    for (const thread_id of ["", other]) {
      const refused = await bob.post(url, { thread_id });
      if (!isRefused(refused, 400, "M_INVALID_PARAM"))
        return fail(refused, `400 M_INVALID_PARAM for the thread "${thread_id}", which the event is not in`);
    }
    const { next } = await syncOf(alice);
    await needed(bob.post(url, { thread_id: root }));
    const receiptIn = (one: Parameters<typeof ephemeralOf>[0]) => {
      const content = member(ephemeralOf(one, room, "m.receipt"), "content");
      return member(member(member(content, reply), "m.read"), bob.userId);
    };
    const told = await syncUntil(alice, next, (one) => receiptIn(one) !== undefined);
    return stringMember(receiptIn(told), "thread_id") === root
      ? pass()
      : fail(told.answer, `m.read of ${reply} by ${bob.userId} with ${root} as \`thread_id\``);
  },
};

/** A room with one message of alice's and her two replies to it in a thread, none of them read by bob. */
async function roomWithThread(context: Context) {
  const shared = await sharedRoom(context);
  const { alice, room } = shared;
  const root = await say(alice, room, "root");
  const inThread = { "m.relates_to": { rel_type: "m.thread", event_id: root } };
  await say(alice, room, "one", inThread);
  return { ...shared, root, reply: await say(alice, room, "two", inThread) };
}
