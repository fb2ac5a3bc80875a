// Rules about reading a long list to its end: https://spec.matrix.org/v1.19/client-server-api/#pagination

import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import type { Outcome } from "../outcome.ts";
import { fail, NotOffered, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import type { Client } from "./client.ts";
import { aliceOf, needed, path, serverOf } from "./client.ts";
import { eventually } from "./eventually.ts";
import { allPages, createRoom, difference, idsIn, say, sayAll, sharedRoom } from "./room.ts";
import { setState } from "./state.ts";

export const messagesBackwards: Rule = {
  id: "cs-11",
  title: "Reading a room backwards meets every event once, and ends",
  level: "derived",
  specUrl: clientServerSpec("get_matrixclientv3roomsroomidmessages"),
  reason: "A gap is a lost message, a duplicate a doubled one, and a client scrolls until there is no `end`.",
  needs: ["homeserver"],
  testable: true,
  check: (context) => readRoom(context, ["b"]),
};

export const messagesBothWays: Rule = {
  id: "cs-12",
  title: "Reading a room forwards meets what reading it backwards does, in the opposite order",
  level: "derived",
  specUrl: clientServerSpec("get_matrixclientv3roomsroomidmessages"),
  reason: "Clients read in both directions from where they are, and put the pieces together.",
  needs: ["homeserver"],
  testable: true,
  check: (context) => readRoom(context, ["f", "b"]),
};

async function readRoom(context: Context, directions: readonly string[]): Promise<Outcome> {
  const { alice, bob, room } = await sharedRoom(context);
  const sent: string[] = [];
  for (const client of [alice, bob, alice]) sent.push(...(await sayAll(client, room, 4)));
  const filter = JSON.stringify({ types: ["m.room.message"] });
  const everything: (readonly string[])[] = [];
  for (const dir of directions) {
    const wanted = dir === "f" ? sent : sent.toReversed();
    const ask = (more: Readonly<Record<string, string>>) => (from: string | undefined) =>
      bob.get(path`/rooms/${room}/messages`, { dir, limit: "5", ...more, ...(from !== undefined && { from }) });
    const filtered = await allPages(ask({ filter }), { items: "chunk", next: "end" });
    if (!filtered.ended) return fail(filtered.last, `dir=${dir}: an end`, `no end within ${filtered.pages} pages`);
    const wrong = difference(filtered.ids, wanted);
    if (wrong !== undefined) return fail(filtered.last, `dir=${dir}: the ${sent.length} messages sent`, wrong);
    const all = await allPages(ask({}), { items: "chunk", next: "end" });
    everything.push(dir === "f" ? all.ids : all.ids.toReversed());
  }
  const [forwards = [], backwards = forwards] = everything;
  const apart = difference(backwards, forwards);
  return apart === undefined ? pass() : fail(null, "the same events in both directions", apart);
}

export const relationsPaginate: Rule = {
  id: "cs-13",
  title: "Paging through an event's relations meets each once, and ends",
  level: "derived",
  specUrl: clientServerSpec("get_matrixclientv1roomsroomidrelationseventid"),
  reason: "Threads are read this way; what it leaves out is missing from the conversation.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { bob, alice, room } = await sharedRoom(context);
    const root = await say(alice, room, "root");
    const related = { "m.relates_to": { rel_type: "m.thread", event_id: root } };
    const sent = await sayAll(bob, room, 7, related);
    const other = await say(bob, room, "unrelated");
    for (const dir of ["b", "f"]) {
      const listed = await allPages(
        (from) =>
          alice.get(path`/_matrix/client/v1/rooms/${room}/relations/${root}`, {
            dir,
            limit: "2",
            ...(from !== undefined && { from }),
          }),
        { items: "chunk", next: "next_batch" },
      );
      const wrong = difference(listed.ids, dir === "b" ? sent.toReversed() : sent);
      if (wrong !== undefined || !listed.ended || listed.ids.includes(other))
        return fail(listed.last, `dir=${dir}: the ${sent.length} related events once each`, wrong ?? "no end");
    }
    return pass();
  },
};

export const threadsPaginate: Rule = {
  id: "cs-14",
  title: "Paging through a room's threads meets each root once, and ends",
  level: "derived",
  specUrl: clientServerSpec("get_matrixclientv1roomsroomidthreads"),
  reason: "The list is how a person finds back to a conversation.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const room = await createRoom(alice);
    const roots = await sayAll(alice, room, 5);
    for (const root of roots)
      await say(alice, room, "reply", { "m.relates_to": { rel_type: "m.thread", event_id: root } });
    const listed = await allPages(
      (from) =>
        alice.get(path`/_matrix/client/v1/rooms/${room}/threads`, { limit: "2", ...(from !== undefined && { from }) }),
      { items: "chunk", next: "next_batch" },
    );
    return judge(listed, roots.toReversed(), "the roots, the thread with the latest reply first");
  },
};

export const publicRoomsPaginate: Rule = {
  id: "cs-15",
  title: "Paging through the public rooms meets each once, and ends",
  level: "derived",
  specUrl: clientServerSpec("post_matrixclientv3publicrooms"),
  reason: "A room that no page shows cannot be found.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const name = `contract${context.random(12)}`;
    const rooms: string[] = [];
    for (let number = 0; number < 4; number += 1) rooms.push(await publishedRoom(alice, name));
    const search = (more: object) => alice.post("/publicRooms", { filter: { generic_search_term: name }, ...more });
    await eventually(
      context,
      () => search({}),
      ({ json }) => idsIn(json, "chunk", "room_id").length >= rooms.length,
    );
    const listed = await allPages((since) => search({ limit: 1, ...(since !== undefined && { since }) }), {
      items: "chunk",
      next: "next_batch",
      id: "room_id",
    });
    for (const room of rooms) await alice.put(path`/directory/list/room/${room}`, { visibility: "private" });
    return judge({ ...listed, ids: listed.ids.toSorted() }, rooms.toSorted(), "the four rooms of this name");
  },
};

async function publishedRoom(client: Client, name: string): Promise<string> {
  const room = await createRoom(client, { preset: "public_chat", visibility: "public", name });
  // Whoever may not publish rooms gets one that is not listed.
  const published = await client.put(path`/directory/list/room/${room}`, { visibility: "public" });
  if (published.status === 403) throw new NotOffered("users may not publish rooms here");
  await needed(Promise.resolve(published));
  return room;
}

export const hierarchyPaginates: Rule = {
  id: "cs-16",
  title: "Paging through a space meets each room once, and ends",
  level: "derived",
  specUrl: clientServerSpec("get_matrixclientv1roomsroomidhierarchy"),
  reason: "Clients show a space's tree as the pages come in.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const space = await createRoom(alice, { creation_content: { type: "m.space" } });
    const rooms: string[] = [];
    for (let number = 0; number < 4; number += 1) {
      const room = await createRoom(alice);
      rooms.push(room);
      await setState(alice, space, "m.space.child", { via: [serverOf(alice)], order: `${number}` }, room);
    }
    const listed = await allPages(
      (from) =>
        alice.get(path`/_matrix/client/v1/rooms/${space}/hierarchy`, {
          limit: "2",
          ...(from !== undefined && { from }),
        }),
      { items: "rooms", next: "next_batch", id: "room_id" },
    );
    return judge(listed, [space, ...rooms], "the space and its rooms in their order");
  },
};

function judge(
  { ids, last, ended }: { readonly ids: readonly string[]; readonly last: Exchange; readonly ended: boolean },
  wanted: readonly string[],
  what: string,
): Outcome {
  const wrong = difference(ids, wanted);
  if (wrong !== undefined) return fail(last, `${what}, each once`, wrong);
  return ended ? pass() : fail(last, "an end of the list", "a token for one more page, for ever");
}
