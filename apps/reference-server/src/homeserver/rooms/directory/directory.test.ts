import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answer } from "../../../fixtures/call.ts";
import { startHomeserver } from "../../fixtures/homeserver.ts";
import type { TestHomeserver } from "../../fixtures/homeserver.ts";
import { person } from "../fixtures/person.ts";
import type { Person } from "../fixtures/person.ts";

let home: TestHomeserver;
let alice: Person;
let bob: Person;
let carol: Person;

beforeAll(async () => {
  home = await startHomeserver();
  [alice, bob, carol] = [await person(home, "alice"), await person(home, "bob"), await person(home, "carol")];
});

afterAll(() => home[Symbol.asyncDispose]());

const forbidden = { status: 403, body: { errcode: "M_FORBIDDEN" } };
const notFound = { status: 404, body: { errcode: "M_NOT_FOUND" } };
const aliasPath = (alias: string) => `/directory/room/${encodeURIComponent(alias)}`;

describe("aliases", () => {
  test("lead to a room, for whoever asks", async () => {
    const room = await alice.createRoom();
    expect((await alice.call("PUT", aliasPath("#one:localhost"), { room_id: room })).status).toBe(200);
    const found = await home.call("GET", `/v3${aliasPath("#one:localhost")}`);
    expect(found).toMatchObject({ status: 200, body: { room_id: room, servers: ["localhost"] } });
    expect(await home.call("GET", `/v3${aliasPath("#two:localhost")}`)).toMatchObject(notFound);
    expect((await bob.join(room)).status).toBe(403);
    await alice.setState(room, "m.room.join_rules", { join_rule: "public" });
    expect((await bob.call("POST", `/join/${encodeURIComponent("#one:localhost")}`, {})).body["room_id"]).toBe(room);
  });

  test("are given once, by who is in the room, for this server", async () => {
    const room = await alice.createRoom();
    const put = (who: Person, alias: string, room_id = room) => who.call("PUT", aliasPath(alias), { room_id });
    expect(await put(bob, "#three:localhost")).toMatchObject(forbidden);
    expect(await put(alice, "#three:elsewhere.example")).toMatchObject(forbidden);
    expect(await put(alice, "#three:localhost", "!nowhere:localhost")).toMatchObject(notFound);
    expect((await put(alice, "#three:localhost")).status).toBe(200);
    expect(await put(alice, "#three:localhost")).toMatchObject({ status: 409, body: { errcode: "M_UNKNOWN" } });
    expect((await put(alice, "nonsense")).status).toBe(400);
  });

  test("are removed by who made them, or who sets the room's, and then said no more", async () => {
    const room = await alice.createRoom({ preset: "public_chat", room_alias_name: "main" });
    await bob.join(room);
    await bob.call("PUT", aliasPath("#bobs:localhost"), { room_id: room });
    await bob.call("PUT", aliasPath("#bobs2:localhost"), { room_id: room });
    await alice.setState(room, "m.room.canonical_alias", {
      alias: "#main:localhost",
      alt_aliases: ["#bobs2:localhost"],
    });
    const remove = (who: Person, alias: string) => who.call("DELETE", aliasPath(alias));
    expect(await remove(bob, "#main:localhost")).toMatchObject(forbidden);
    expect((await remove(bob, "#bobs:localhost")).status).toBe(200);
    expect((await remove(alice, "#bobs2:localhost")).status).toBe(200);
    expect(await alice.stateOf(room, "m.room.canonical_alias")).toEqual({ alias: "#main:localhost", alt_aliases: [] });
    expect((await remove(alice, "#main:localhost")).status).toBe(200);
    expect(await alice.stateOf(room, "m.room.canonical_alias")).toEqual({ alt_aliases: [] });
    expect(await remove(alice, "#main:localhost")).toMatchObject(notFound);
  });

  test("of a room are listed for those in it, or for all where all may read", async () => {
    const room = await alice.createRoom({ room_alias_name: "listed" });
    expect((await alice.inRoom(room, "GET", "/aliases")).body).toEqual({ aliases: ["#listed:localhost"] });
    expect(await bob.inRoom(room, "GET", "/aliases")).toMatchObject(forbidden);
    await alice.setState(room, "m.room.history_visibility", { history_visibility: "world_readable" });
    expect((await bob.inRoom(room, "GET", "/aliases")).status).toBe(200);
  });
});

describe("the directory", () => {
  let rooms: string[];
  const names = ["Garden", "Kitchen", "Attic", "Cellar", "Porch"];
  const get = (query = "") => home.call("GET", `/v3/publicRooms${query}`);
  const search = (body: object) => alice.call("POST", "/publicRooms", body);
  const named = ({ body }: Answer) => (body["chunk"] as unknown as { name: string }[]).map(({ name }) => name);

  beforeAll(async () => {
    rooms = [];
    for (const [index, name] of names.entries()) {
      const creation_content = name === "Cellar" ? { type: "m.space" } : {};
      const room = await alice.createRoom({ name, visibility: "public", topic: `${name} things`, creation_content });
      if (index < 1) await bob.join(room);
      if (index < 2) await carol.join(room);
      rooms.push(room);
    }
    await alice.createRoom({ name: "Secret", preset: "public_chat" });
  });

  test("lists the rooms that are public, the largest first, with what they are", async () => {
    const { body } = await get();
    expect(named({ body } as Answer).slice(0, 2)).toEqual(["Garden", "Kitchen"]);
    expect(body["total_room_count_estimate"]).toBe(5);
    expect(body["chunk"]).toContainEqual(
      expect.objectContaining({
        room_id: rooms[3],
        name: "Cellar",
        topic: "Cellar things",
        num_joined_members: 1,
        join_rule: "public",
        world_readable: false,
        guest_can_join: false,
        room_type: "m.space",
      }),
    );
  });

  test("can be walked page by page, and back again", async () => {
    const pages: string[][] = [];
    let answer = await get("?limit=2");
    pages.push(named(answer));
    expect(answer.body["prev_batch"]).toBeUndefined();
    while (answer.body["next_batch"] !== undefined) {
      answer = await get(`?limit=2&since=${String(answer.body["next_batch"])}`);
      pages.push(named(answer));
    }
    expect(pages.map(({ length }) => length)).toEqual([2, 2, 1]);
    expect(pages.flat().toSorted()).toEqual(names.toSorted());
    const back = await get(`?limit=2&since=${String(answer.body["prev_batch"])}`);
    expect(named(back)).toEqual(pages[1]);
    const first = await get(`?limit=2&since=${String(back.body["prev_batch"])}`);
    expect(named(first)).toEqual(pages[0]);
    expect(first.body["prev_batch"]).toBeUndefined();
    expect(first.body["next_batch"]).toBeDefined();
    expect((await get("?since=nonsense")).status).toBe(400);
  });

  test("is searched by words and types", async () => {
    expect(named(await search({ filter: { generic_search_term: "gARDen" } }))).toEqual(["Garden"]);
    expect(named(await search({ filter: { generic_search_term: "things" } }))).toHaveLength(5);
    expect(named(await search({ filter: { generic_search_term: "%" } }))).toEqual([]);
    expect(named(await search({ filter: { room_types: ["m.space"] } }))).toEqual(["Cellar"]);
    expect(named(await search({ filter: { room_types: [null] } }))).toHaveLength(4);
    expect(named(await search({ limit: 1, filter: { generic_search_term: "things" } }))).toEqual(["Garden"]);
  });

  test("is this server's", async () => {
    expect((await get("?server=localhost")).status).toBe(200);
    expect(await get("?server=elsewhere.example")).toMatchObject(notFound);
  });

  test("is changed by those who have the power", async () => {
    const room = await alice.createRoom({ preset: "public_chat" });
    await bob.join(room);
    const path = `/directory/list/room/${encodeURIComponent(room)}`;
    const visibility = async () => (await home.call("GET", `/v3${path}`)).body["visibility"];
    expect(await visibility()).toBe("private");
    expect(await bob.call("PUT", path, {})).toMatchObject(forbidden);
    expect((await alice.call("PUT", path, {})).status).toBe(200);
    expect(await visibility()).toBe("public");
    expect((await alice.call("PUT", path, { visibility: "private" })).status).toBe(200);
    expect(await visibility()).toBe("private");
    expect(await alice.call("PUT", "/directory/list/room/!nowhere:localhost", {})).toMatchObject(notFound);
    expect(await home.call("GET", "/v3/directory/list/room/!nowhere:localhost")).toMatchObject(notFound);
  });
});

describe("a room's summary", () => {
  const summary = (room: string, who?: Person) =>
    home.call("GET", `/v1/room_summary/${encodeURIComponent(room)}`, { token: who?.session.access_token });

  test("tells those who may know of it what it is", async () => {
    const room = await alice.createRoom({ name: "Garden", invite: [bob.id], room_alias_name: "summed" });
    expect((await summary(room, bob)).body).toEqual({
      room_id: room,
      name: "Garden",
      canonical_alias: "#summed:localhost",
      num_joined_members: 1,
      join_rule: "invite",
      world_readable: false,
      guest_can_join: true,
      room_version: "12",
      membership: "invite",
    });
    expect((await summary("#summed:localhost", alice)).body["membership"]).toBe("join");
    expect(await summary(room, carol)).toMatchObject(notFound);
    expect(await summary(room)).toMatchObject(notFound);
    expect(await summary("!nowhere:localhost", carol)).toMatchObject(notFound);
    await alice.setState(room, "m.room.join_rules", { join_rule: "public" });
    expect((await summary(room)).status).toBe(200);
    expect((await summary(room, carol)).body).not.toHaveProperty("membership");
  });

  test("of a restricted room is for who could join", async () => {
    const club = await alice.createRoom({ invite: [bob.id] });
    const room = await alice.createRoom();
    const allow = [{ type: "m.room_membership", room_id: club }];
    await alice.setState(room, "m.room.join_rules", { join_rule: "restricted", allow });
    expect(await summary(room, bob)).toMatchObject(notFound);
    await bob.join(club);
    expect((await summary(room, bob)).body["allowed_room_ids"]).toEqual([club]);
  });
});

describe("mutual rooms", () => {
  const mutual = (who: Person, user_id: string, from?: string) =>
    home.call("GET", "/v1/mutual_rooms", {
      token: who.session.access_token,
      query: { user_id, ...(from !== undefined && { from }) },
    });

  test("are those that both are in", async () => {
    const [dora, ernie] = [await person(home, "dora"), await person(home, "ernie")];
    const [shared, left] = [
      await dora.createRoom({ invite: [ernie.id] }),
      await dora.createRoom({ invite: [ernie.id] }),
    ];
    expect((await mutual(dora, ernie.id)).body).toEqual({ joined: [], count: 0 });
    await ernie.join(shared);
    await ernie.join(left);
    await ernie.inRoom(left, "POST", "/leave", {});
    expect((await mutual(dora, ernie.id)).body).toEqual({ joined: [shared], count: 1 });
    expect((await mutual(ernie, dora.id)).body).toEqual({ joined: [shared], count: 1 });
    expect((await mutual(dora, "@nobody:localhost")).body).toEqual({ joined: [], count: 0 });
    for (const wrong of [dora.id, "@x"]) {
      expect(await mutual(dora, wrong)).toMatchObject({ status: 400, body: { errcode: "M_INVALID_PARAM" } });
    }
    expect((await mutual(dora, ernie.id, "nonsense")).status).toBe(400);
  });
});
