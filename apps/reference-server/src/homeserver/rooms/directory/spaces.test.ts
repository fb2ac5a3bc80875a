import { afterAll, beforeAll, expect, test } from "vitest";
import { startHomeserver } from "../../fixtures/homeserver.ts";
import type { TestHomeserver } from "../../fixtures/homeserver.ts";
import { person } from "../fixtures/person.ts";
import type { Person } from "../fixtures/person.ts";

let home: TestHomeserver;
let alice: Person;
let bob: Person;
let names: Map<string, string>;

beforeAll(async () => {
  home = await startHomeserver();
  [alice, bob] = [await person(home, "alice"), await person(home, "bob")];
  names = new Map();
});

afterAll(() => home[Symbol.asyncDispose]());

async function make(name: string, more: object = {}): Promise<string> {
  const room = await alice.createRoom({ name, preset: "public_chat", ...more });
  names.set(room, name);
  return room;
}

const space = (name: string) => make(name, { creation_content: { type: "m.space" } });

async function add(parent: string, child: string, content: object = {}): Promise<void> {
  home.clock.advance(1);
  await alice.setState(parent, "m.space.child", { via: ["localhost"], ...content }, child);
}

async function walk(room: string, query: Record<string, string> = {}, who = bob) {
  const token = who.session.access_token;
  const { status, body } = await home.call("GET", `/v1/rooms/${encodeURIComponent(room)}/hierarchy`, { token, query });
  const rooms = (body["rooms"] ?? []) as unknown as { room_id: string; children_state: { state_key: string }[] }[];
  return {
    status,
    body,
    rooms,
    found: rooms.map(({ room_id }) => names.get(room_id)),
    next: body["next_batch"] as string,
  };
}

test("a space is walked depth first, in the order that its children say", async () => {
  const [root, inner] = [await space("root"), await space("inner")];
  const [a, b, c, d] = [await make("a"), await make("b"), await make("c"), await make("d")];
  await add(root, a);
  await add(root, inner, { order: "1" });
  await add(root, b, { order: "2" });
  await add(inner, c);
  await add(inner, d, { order: "not valid\n", suggested: true });
  await add(inner, root); // a loop
  const { found, rooms } = await walk(root);
  expect(found).toEqual(["root", "inner", "c", "d", "b", "a"]);
  expect(rooms[0]).toMatchObject({ room_type: "m.space", room_version: "12", num_joined_members: 1 });
  expect(rooms[0]?.children_state.map(({ state_key }) => names.get(state_key))).toEqual(["inner", "b", "a"]);
  expect(rooms[1]?.children_state[1]).toMatchObject({
    type: "m.space.child",
    content: { via: ["localhost"], suggested: true },
  });
  expect(rooms[2]?.children_state).toEqual([]);
  expect((await walk(root, { max_depth: "1" })).found).toEqual(["root", "inner", "b", "a"]);
  expect((await walk(root, { max_depth: "0" })).found).toEqual(["root"]);
});

test("pages follow each other without gap or double, and belong to their walk", async () => {
  const root = await space("paged");
  for (const name of ["p1", "p2", "p3", "p4"]) await add(root, await make(name));
  const pages = [await walk(root, { limit: "2" })];
  while (pages.at(-1)?.next !== undefined) pages.push(await walk(root, { limit: "2", from: pages.at(-1)!.next }));
  expect(pages.map(({ found }) => found)).toEqual([["paged", "p1"], ["p2", "p3"], ["p4"]]);
  const from = pages[0]!.next;
  expect((await walk(root, { from, suggested_only: "true" })).body.errcode).toBe("M_INVALID_PARAM");
  expect((await walk(root, { from, max_depth: "1" })).body.errcode).toBe("M_INVALID_PARAM");
  expect((await walk(root, { from: "nonsense" })).status).toBe(400);
});

test("rooms that one may not know of are left out, and removed children", async () => {
  const root = await space("mixed");
  const [hidden, gone, suggested] = [
    await make("hidden", { preset: "private_chat" }),
    await make("gone"),
    await make("suggested"),
  ];
  await add(root, hidden);
  await add(root, gone);
  await add(root, suggested, { suggested: true });
  await add(root, "!nowhere:localhost");
  await alice.setState(root, "m.space.child", {}, gone);
  expect((await walk(root)).found).toEqual(["mixed", "suggested"]);
  expect((await walk(root, {}, alice)).found).toEqual(["mixed", "hidden", "suggested"]);
  expect((await walk(root, { suggested_only: "true" }, alice)).found).toEqual(["mixed", "suggested"]);
});

test("a space that one may not know of is refused", async () => {
  const secret = await make("secret", { preset: "private_chat", creation_content: { type: "m.space" } });
  expect(await walk(secret)).toMatchObject({ status: 403, body: { errcode: "M_FORBIDDEN" } });
  expect((await walk(secret, {}, alice)).status).toBe(200);
  expect((await walk("!nowhere:localhost")).status).toBe(403);
});

test("what is not of its type in a child is left out", async () => {
  const [root, child] = [await space("odd"), await make("child")];
  await add(root, child, { order: 5, suggested: "yes", via: ["localhost", 1], other: true });
  const { rooms } = await walk(root);
  expect(rooms[0]?.children_state).toMatchObject([{ content: { via: ["localhost"], other: true } }]);
  expect(rooms[0]?.children_state).not.toMatchObject([{ content: { order: 5 } }]);
});
