import { afterAll, describe, expect, test } from "vitest";
import { startHomeserver } from "../fixtures/homeserver.ts";
import { person } from "../rooms/fixtures/person.ts";
import type { Person } from "../rooms/fixtures/person.ts";
import { edit, eventOf, messagesOf, redact, related, send } from "./fixtures/events.ts";
import type { ClientEvent } from "./fixtures/events.ts";

const home = await startHomeserver();
const [alice, bob] = [await person(home, "alice"), await person(home, "bob")];
const room = await alice.createRoom({ preset: "public_chat" });
await bob.join(room);

afterAll(() => home[Symbol.asyncDispose]());

const message = (who: Person, content: object) => send(who, room, "m.room.message", content);
const reaction = (who: Person, eventId: string, key: string) =>
  who.inRoom(room, "PUT", `/send/m.reaction/${Math.random()}`, {
    "m.relates_to": { rel_type: "m.annotation", event_id: eventId, key },
  });
const relationsOf = async (eventId: string, who = alice) =>
  (await eventOf(who, room, eventId)).unsigned?.["m.relations"] ?? {};

async function list(
  path: string,
  who = alice,
): Promise<{ ids: string[]; next_batch?: string; recursion_depth?: number }> {
  const { body } = await who.call("GET", `/../v1/rooms/${encodeURIComponent(room)}${path}`);
  const chunk = body["chunk"] as unknown as ClientEvent[];
  return { ...(body as object), ids: chunk.map((event) => event.event_id) };
}

describe("aggregations", () => {
  test("have the newest edit by the sender, which others cannot make", async () => {
    const original = await alice.say(room, "teh");
    await message(alice, edit(original, "the"));
    home.clock.advance(1);
    const last = await message(alice, edit(original, "The"));
    await message(bob, edit(original, "mine"));
    await message(alice, related("m.replace", original));
    expect((await relationsOf(original))["m.replace"]).toMatchObject({
      event_id: last,
      content: { "m.new_content": { body: "The" } },
    });
    expect((await eventOf(alice, room, original)).content["body"]).toBe("teh");
    await redact(alice, room, last);
    expect((await relationsOf(original))["m.replace"]?.content).toMatchObject({ "m.new_content": { body: "the" } });
    await redact(alice, room, original);
    expect((await relationsOf(original))["m.replace"]).toBeUndefined();
  });

  test("list what refers to an event", async () => {
    const target = await alice.say(room, "look");
    const referring = await message(bob, related("m.reference", target));
    expect((await relationsOf(target))["m.reference"]).toEqual({ chunk: [{ event_id: referring }] });
    const { chunk } = await messagesOf(alice, room, { dir: "b", limit: "2" });
    expect(chunk[1]?.unsigned?.["m.relations"]).toHaveProperty("m.reference");
  });

  test("sum a thread up, for each user, with the newest event as it has been edited", async () => {
    const root = await alice.say(room, "root");
    await message(bob, related("m.thread", root));
    const latest = await message(bob, related("m.thread", root));
    const change = await message(bob, edit(latest, "better"));
    const reference = await message(bob, related("m.reference", latest));
    expect((await relationsOf(root, alice))["m.thread"]).toMatchObject({ count: 2, current_user_participated: true });
    const carol = await person(home, "carol");
    await carol.join(room);
    const thread = (await relationsOf(root, carol))["m.thread"];
    expect(thread).toMatchObject({ current_user_participated: false, latest_event: { event_id: latest } });
    const ofLatest = thread?.latest_event.unsigned?.["m.relations"];
    expect(ofLatest).toMatchObject({
      "m.replace": { event_id: change },
      "m.reference": { chunk: [{ event_id: reference }] },
    });
    await redact(bob, room, latest);
    expect((await relationsOf(root))["m.thread"]).toMatchObject({ count: 1 });
    await carol.call("PUT", `/user/${carol.id}/account_data/m.ignored_user_list`, { ignored_users: { [bob.id]: {} } });
    expect((await relationsOf(root, carol))["m.thread"]).toBeUndefined();
  });
});

describe("/relations", () => {
  test("lists by relation and event type, in pages, in both directions", async () => {
    const target = await alice.say(room, "target");
    const replies: string[] = [];
    for (let index = 0; index < 5; index += 1) replies.push(await message(bob, related("m.thread", target)));
    const reacted = (await reaction(bob, target, "👍")).body["event_id"];
    const path = `/relations/${encodeURIComponent(target)}`;
    expect((await list(path)).ids).toEqual([reacted, ...replies.toReversed()]);
    expect((await list(`${path}/m.thread`)).ids).toEqual(replies.toReversed());
    expect((await list(`${path}/m.annotation/m.reaction?dir=f`)).ids).toEqual([reacted]);
    expect((await list(`${path}/m.annotation/m.room.message`)).ids).toEqual([]);
    const pages: string[] = [];
    for (let from: string | undefined; ;) {
      const page = await list(`${path}/m.thread?dir=f&limit=2${from === undefined ? "" : `&from=${from}`}`);
      pages.push(...page.ids);
      if (page.next_batch === undefined) break;
      from = page.next_batch;
    }
    expect(pages).toEqual(replies);
  });

  test("follows relations of relations where that is asked for", async () => {
    const root = await alice.say(room, "root");
    const reply = await message(bob, related("m.thread", root));
    const reacted = (await reaction(alice, reply, "👍")).body["event_id"];
    const path = `/relations/${encodeURIComponent(root)}`;
    expect((await list(path)).ids).toEqual([reply]);
    const all = await list(`${path}?recurse=true`);
    expect(all.ids).toEqual([reacted, reply]);
    expect(all.recursion_depth).toBeGreaterThan(0);
    expect((await list(`${path}/m.annotation?recurse=true`)).ids).toEqual([reacted]);
  });

  test("is for events that the user may see", async () => {
    const mallory = await person(home, "mallory");
    const target = await alice.say(room, "x");
    const path = `/../v1/rooms/${encodeURIComponent(room)}/relations/${encodeURIComponent(target)}`;
    expect((await mallory.call("GET", path)).status).toBe(404);
  });
});

test("the same reaction is taken once, unless it is redacted in between; a thread begins with what relates to nothing", async () => {
  const target = await alice.say(room, "nice");
  const first = await reaction(bob, target, "👍");
  expect(await reaction(bob, target, "👍")).toMatchObject({ status: 400, body: { errcode: "M_DUPLICATE_ANNOTATION" } });
  expect((await reaction(alice, target, "👍")).status).toBe(200);
  expect((await reaction(bob, target, "🎉")).status).toBe(200);
  await redact(bob, room, first.body["event_id"] as string);
  expect((await reaction(bob, target, "👍")).status).toBe(200);
  const reply = await message(bob, related("m.thread", target));
  const nested = await bob.inRoom(room, "PUT", "/send/m.room.message/nested", related("m.thread", reply));
  expect(nested).toMatchObject({ status: 400, body: { errcode: "M_UNKNOWN" } });
});

test("/threads lists roots by their newest event, all or those taken part in", async () => {
  const own = await alice.createRoom({ preset: "public_chat" });
  await bob.join(own);
  const [first, second, third] = [await alice.say(own, "1"), await bob.say(own, "2"), await alice.say(own, "3")];
  await send(bob, own, "m.room.message", related("m.thread", second));
  await send(alice, own, "m.room.message", related("m.thread", third));
  await send(bob, own, "m.room.message", related("m.thread", first));
  const threads = async (who: Person, query = "") => {
    const { body } = await who.call("GET", `/../v1/rooms/${encodeURIComponent(own)}/threads${query}`);
    return {
      ids: (body["chunk"] as unknown as ClientEvent[]).map((event) => event.event_id),
      next: body["next_batch"],
    };
  };
  expect((await threads(alice)).ids).toEqual([first, third, second]);
  expect((await threads(alice, "?include=participated")).ids).toEqual([first, third]);
  expect((await threads(bob, "?include=participated")).ids).toEqual([first, second]);
  const page = await threads(alice, "?limit=2");
  expect(page.ids).toEqual([first, third]);
  expect(await threads(alice, `?limit=2&from=${page.next as string}`)).toEqual({ ids: [second], next: undefined });
});
