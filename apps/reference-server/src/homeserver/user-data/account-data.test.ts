import { afterAll, expect, test } from "vitest";
import { streamPosition } from "../../storage/stream.ts";
import { startHomeserver } from "../fixtures/homeserver.ts";
import { person } from "../rooms/fixtures/person.ts";
import { accountDataSince, allAccountData } from "./account-data.ts";
import { ignoredUsers } from "./ignored-users.ts";
import { inviteFilter } from "./invite-permission.ts";

const home = await startHomeserver();
const [alice, bob] = [await person(home, "alice"), await person(home, "bob")];

afterAll(() => home[Symbol.asyncDispose]());

const forbidden = { status: 403, body: { errcode: "M_FORBIDDEN" } };
const room = "/rooms/!room:localhost";

test.each(["", room])("what is stored comes back, for its user alone (%s)", async (of) => {
  const path = `/user/${alice.id}${of}/account_data/org.example.data`;
  expect(await alice.call("GET", path)).toMatchObject({ status: 404, body: { errcode: "M_NOT_FOUND" } });
  expect((await alice.call("PUT", path, { a: { b: [1, null] } })).body).toEqual({});
  expect((await alice.call("GET", path)).body).toEqual({ a: { b: [1, null] } });
  await alice.call("PUT", path, {});
  expect((await alice.call("GET", path)).body).toEqual({});
  expect(await bob.call("GET", path)).toMatchObject(forbidden);
  expect(await bob.call("PUT", path, {})).toMatchObject(forbidden);
  expect((await bob.call("GET", `/user/${bob.id}${of}/account_data/org.example.data`)).status).toBe(404);
});

test("that of a room is not that of no room", async () => {
  await alice.call("PUT", `/user/${alice.id}/account_data/org.example.one`, { global: true });
  expect((await alice.call("GET", `/user/${alice.id}${room}/account_data/org.example.one`)).status).toBe(404);
});

test.each(["", room])("what the server keeps is not set here (%s)", async (of) => {
  for (const type of ["m.push_rules", "m.fully_read"]) {
    const answer = await alice.call("PUT", `/user/${alice.id}${of}/account_data/${type}`, { event_id: "$event" });
    expect(answer).toMatchObject({ status: 405, body: { errcode: "M_BAD_JSON" } });
  }
});

test("each change is in the stream, by the room it is of, and the push rules are among them", async () => {
  const carol = await person(home, "carol");
  const after = await streamPosition(home.db);
  expect((await accountDataSince(home.db, carol.id, { after, upTo: after })).global).toEqual([]);
  await carol.call("PUT", `/user/${carol.id}/account_data/org.example.one`, { number: 1 });
  await carol.call("PUT", `/user/${carol.id}/account_data/org.example.one`, { number: 2 });
  await carol.call("PUT", `/user/${carol.id}${room}/account_data/org.example.one`, { number: 3 });
  await carol.call("PUT", "/pushrules/global/content/x", { pattern: "x", actions: [] });
  await bob.call("PUT", `/user/${bob.id}/account_data/org.example.one`, { number: 4 });
  const changes = await accountDataSince(home.db, carol.id, { after, upTo: await streamPosition(home.db) });
  const inRoom = new Map([["!room:localhost", [{ type: "org.example.one", content: { number: 3 } }]]]);
  expect(changes.global).toHaveLength(2);
  expect(changes.global).toContainEqual({ type: "org.example.one", content: { number: 2 } });
  expect(changes.global).toContainEqual({
    type: "m.push_rules",
    content: { global: (await carol.call("GET", "/pushrules/global/")).body },
  });
  expect(changes.rooms).toEqual(inRoom);
  const all = await allAccountData(home.db, carol.id);
  expect(all.global.map(({ type }) => type)).toEqual(["m.push_rules", "org.example.one"]);
  expect(all.rooms).toEqual(inRoom);
});

test("rooms are tagged, each tag by itself", async () => {
  const tags = `/user/${alice.id}${room}/tags`;
  expect((await alice.call("GET", tags)).body).toEqual({ tags: {} });
  await alice.call("PUT", `${tags}/m.favourite`, { order: 0.25 });
  await alice.call("PUT", `${tags}/u.work`, {});
  const both = { tags: { "m.favourite": { order: 0.25 }, "u.work": {} } };
  expect((await alice.call("GET", tags)).body).toEqual(both);
  expect((await alice.call("GET", `/user/${alice.id}${room}/account_data/m.tag`)).body).toEqual(both);
  for (let time = 0; time < 2; time++) expect((await alice.call("DELETE", `${tags}/u.work`)).body).toEqual({});
  expect((await alice.call("GET", tags)).body).toEqual({ tags: { "m.favourite": { order: 0.25 } } });
  for (const method of ["GET", "PUT", "DELETE"]) {
    const path = method === "GET" ? tags : `${tags}/u.x`;
    expect(await bob.call(method, path, method === "PUT" ? {} : undefined)).toMatchObject(forbidden);
  }
});

test("fifty tags at once are all there", async () => {
  const tags = `/user/${bob.id}${room}/tags`;
  await Promise.all(Array.from({ length: 50 }, (_, index) => bob.call("PUT", `${tags}/u.${index}`, {})));
  expect(Object.keys((await bob.call("GET", tags)).body["tags"] as object)).toHaveLength(50);
});

test("whatever a client has stored as m.tag, tags are tags", async () => {
  const carol = await person(home, "odd");
  const path = `/user/${carol.id}${room}`;
  await carol.call("PUT", `${path}/account_data/m.tag`, { tags: { a: 1, b: { order: "x" }, c: { order: 0.5 } } });
  expect((await carol.call("GET", `${path}/tags`)).body).toEqual({ tags: { a: {}, b: {}, c: { order: 0.5 } } });
  await carol.call("PUT", `${path}/account_data/m.tag`, { tags: 7 });
  expect((await carol.call("GET", `${path}/tags`)).body).toEqual({ tags: {} });
});

test("who is ignored is known, whatever else is stored", async () => {
  const path = `/user/${bob.id}/account_data/m.ignored_user_list`;
  expect(await ignoredUsers(home.db, bob.id)).toEqual(new Set());
  await bob.call("PUT", path, { ignored_users: { [alice.id]: {} } });
  expect(await ignoredUsers(home.db, bob.id)).toEqual(new Set([alice.id]));
  const shows = await inviteFilter(home.db, bob.id);
  expect([shows(alice.id), shows("@carol:localhost")]).toEqual([false, true]);
  await bob.call("PUT", path, { ignored_users: [] });
  expect(await ignoredUsers(home.db, bob.id)).toEqual(new Set());
});

test("earlier invitations are not told of either, for as long as none are taken", async () => {
  const erin = await person(home, "erin");
  const roomId = await alice.createRoom({ invite: [erin.id] });
  const path = `/user/${erin.id}/account_data/m.invite_permission_config`;
  const invited = async () => {
    const { rooms } = (await erin.call("GET", "/sync")).body as unknown as { rooms?: { invite?: object } };
    return Object.keys(rooms?.invite ?? {});
  };
  expect(await invited()).toEqual([roomId]);
  await erin.call("PUT", path, { default_action: "block" });
  expect(await invited()).toEqual([]);
  await erin.call("PUT", path, {});
  expect(await invited()).toEqual([roomId]);
});

test("who takes no invitations gets none, by whatever way, until they take them again", async () => {
  const dave = await person(home, "dave");
  const roomId = await alice.createRoom({ preset: "public_chat" });
  const path = `/user/${dave.id}/account_data/m.invite_permission_config`;
  await dave.call("PUT", path, { default_action: "block" });
  const blocked = { status: 403, body: { errcode: "M_INVITE_BLOCKED" } };
  expect(await alice.invite(roomId, dave)).toMatchObject(blocked);
  expect(await alice.setState(roomId, "m.room.member", { membership: "invite" }, dave.id)).toMatchObject(blocked);
  expect(await alice.call("POST", "/createRoom", { invite: [dave.id] })).toMatchObject(blocked);
  expect((await inviteFilter(home.db, dave.id))(alice.id)).toBe(false);
  expect((await dave.join(roomId)).status).toBe(200);
  await dave.inRoom(roomId, "POST", "/leave", {});
  await dave.call("PUT", path, {});
  expect((await alice.invite(roomId, dave)).status).toBe(200);
});
