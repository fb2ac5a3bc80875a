import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { startHomeserver } from "../../fixtures/homeserver.ts";
import { guest, person } from "../fixtures/person.ts";
import type { Person } from "../fixtures/person.ts";

let room: string;

const home = await startHomeserver();
const [alice, bob, carol] = [await person(home, "alice"), await person(home, "bob"), await person(home, "carol")];

beforeEach(async () => {
  room = await alice.createRoom();
});

afterAll(() => home[Symbol.asyncDispose]());

const forbidden = { status: 403, body: { errcode: "M_FORBIDDEN" } };
const done = { status: 200, body: {} };
const membership = async (who: Person) => (await alice.stateOf(room, "m.room.member", who.id))?.["membership"];
const act = (by: Person, action: string, whom?: Person, body: object = {}) =>
  by.inRoom(room, "POST", `/${action}`, { ...body, ...(whom !== undefined && { user_id: whom.id }) });
const joined = async (who: Person) => (await who.call("GET", "/joined_rooms")).body["joined_rooms"];

test("nobody joins a private room without an invitation", async () => {
  expect(await bob.join(room)).toMatchObject(forbidden);
  expect(await alice.invite(room, bob)).toMatchObject(done);
  expect(await membership(bob)).toBe("invite");
  expect(await bob.join(room, { reason: "Curious" })).toMatchObject({ status: 200, body: { room_id: room } });
  expect(await alice.stateOf(room, "m.room.member", bob.id)).toEqual({ membership: "join", reason: "Curious" });
  expect(await joined(bob)).toContain(room);
});

test("joining twice sends one event", async () => {
  await alice.invite(room, bob);
  await Promise.all(Array.from({ length: 20 }, () => bob.join(room)));
  const events = await home.db
    .selectFrom("hs_events")
    .select("event_id")
    .where("room_id", "=", room)
    .where("state_key", "=", bob.id)
    .execute();
  expect(events).toHaveLength(2);
});

test("a room that is nowhere cannot be joined, by neither name", async () => {
  const nowhere = { status: 404, body: { errcode: "M_NOT_FOUND" } };
  expect(await bob.join("!nowhere:localhost")).toMatchObject(nowhere);
  expect(await bob.call("POST", "/join/%23nowhere%3Alocalhost", {})).toMatchObject(nowhere);
});

test("an invitation can be turned down, and somebody who is in cannot be invited", async () => {
  await alice.invite(room, bob);
  expect(await act(bob, "leave")).toMatchObject(done);
  expect(await membership(bob)).toBe("leave");
  expect(await act(bob, "leave")).toMatchObject(forbidden);
  expect(await alice.invite(room, alice)).toMatchObject(forbidden);
  expect(await carol.invite(room, bob)).toMatchObject(forbidden);
});

test("users of other servers are not invited, by either way", async () => {
  const user_id = "@dave:elsewhere.example";
  expect(await alice.inRoom(room, "POST", "/invite", { user_id })).toMatchObject(forbidden);
  expect(await alice.setState(room, "m.room.member", { membership: "invite" }, user_id)).toMatchObject(forbidden);
});

test("a kick takes power, and somebody who is there", async () => {
  await alice.invite(room, bob);
  await bob.join(room);
  expect(await act(bob, "kick", alice)).toMatchObject(forbidden);
  expect(await act(alice, "kick", carol)).toMatchObject(forbidden);
  expect(await act(alice, "kick", bob, { reason: "Spam" })).toMatchObject(done);
  expect(await alice.stateOf(room, "m.room.member", bob.id)).toEqual({ membership: "leave", reason: "Spam" });
  expect(await bob.join(room)).toMatchObject(forbidden);
});

test("a ban holds until it is lifted, and a kick does not lift it", async () => {
  await alice.invite(room, bob);
  await bob.join(room);
  expect(await act(alice, "unban", bob)).toMatchObject({ status: 403, body: { errcode: "M_BAD_STATE" } });
  expect(await act(bob, "ban", alice)).toMatchObject(forbidden);
  expect(await act(alice, "ban", bob)).toMatchObject(done);
  expect(await bob.join(room)).toMatchObject(forbidden);
  expect(await alice.invite(room, bob)).toMatchObject(forbidden);
  expect(await act(alice, "kick", bob)).toMatchObject(forbidden);
  expect(await act(bob, "leave")).toMatchObject(forbidden);
  expect(await act(alice, "unban", bob)).toMatchObject(done);
  expect(await membership(bob)).toBe("leave");
});

test("a room is forgotten by who has left it only", async () => {
  await alice.invite(room, bob);
  expect(await act(bob, "forget")).toMatchObject({ status: 400, body: { errcode: "M_UNKNOWN" } });
  await bob.join(room);
  expect(await act(bob, "forget")).toMatchObject({ status: 400 });
  await act(bob, "leave");
  expect((await bob.inRoom(room, "GET", "/state")).status).toBe(200);
  expect(await act(bob, "forget")).toMatchObject(done);
  expect(await bob.inRoom(room, "GET", "/state")).toMatchObject(forbidden);
  await act(alice, "ban", bob);
  expect(await bob.inRoom(room, "GET", "/state")).toMatchObject(forbidden);
});

describe("knocking", () => {
  test("is for rooms that take knocks", async () => {
    const path = `/knock/${encodeURIComponent(room)}`;
    expect(await bob.call("POST", path, {})).toMatchObject(forbidden);
    await alice.setState(room, "m.room.join_rules", { join_rule: "knock" });
    expect(await bob.call("POST", path, { reason: "Please" })).toMatchObject({ body: { room_id: room } });
    expect(await alice.stateOf(room, "m.room.member", bob.id)).toEqual({ membership: "knock", reason: "Please" });
    expect(await bob.join(room)).toMatchObject(forbidden);
    await alice.invite(room, bob);
    expect(await bob.call("POST", path, {})).toMatchObject(forbidden);
    expect((await bob.join(room)).status).toBe(200);
  });

  test("can be taken back", async () => {
    await alice.setState(room, "m.room.join_rules", { join_rule: "knock" });
    await bob.call("POST", `/knock/${encodeURIComponent(room)}`, {});
    expect(await act(bob, "leave")).toMatchObject(done);
    expect(await membership(bob)).toBe("leave");
  });
});

describe("a restricted room", () => {
  const allow = (roomId: string) => ({
    join_rule: "restricted",
    allow: [{ type: "m.room_membership", room_id: roomId }],
  });

  test("is joined by members of the room it names, through somebody who may invite", async () => {
    const club = await alice.createRoom({ invite: [bob.id] });
    await alice.setState(room, "m.room.join_rules", allow(club));
    expect(await bob.join(room)).toMatchObject(forbidden);
    await bob.join(club);
    expect((await bob.join(room)).status).toBe(200);
    expect(await alice.stateOf(room, "m.room.member", bob.id)).toEqual({
      membership: "join",
      join_authorised_via_users_server: alice.id,
    });
    expect(await carol.join(room)).toMatchObject(forbidden);
  });

  test("does not take the client's word for it", async () => {
    await alice.setState(room, "m.room.join_rules", allow("!nowhere:localhost"));
    const content = { membership: "join", join_authorised_via_users_server: alice.id };
    expect(await bob.setState(room, "m.room.member", content, bob.id)).toMatchObject(forbidden);
  });

  test("stays closed where nobody in it may invite", async () => {
    const club = await bob.createRoom();
    await alice.setState(room, "m.room.join_rules", allow(club));
    await act(alice, "leave");
    expect(await bob.join(room)).toMatchObject(forbidden);
  });
});

describe("guests", () => {
  test("join rooms that are open to them, and leave when these are closed", async () => {
    const visitor = await guest(home);
    const open = await alice.createRoom({ preset: "public_chat" });
    expect(await visitor.join(open)).toMatchObject(forbidden);
    await alice.setState(open, "m.room.guest_access", { guest_access: "can_join" });
    expect((await visitor.join(open)).status).toBe(200);
    await visitor.say(open, "Hello");
    await bob.join(open);
    await alice.setState(open, "m.room.guest_access", { guest_access: "forbidden" });
    expect(await alice.stateOf(open, "m.room.member", visitor.id)).toMatchObject({ membership: "leave" });
    expect(await alice.stateOf(open, "m.room.member", bob.id)).toMatchObject({ membership: "join" });
  });

  test("do not come in by way of the state either", async () => {
    const visitor = await guest(home);
    const closed = await alice.createRoom({ preset: "public_chat" });
    const joining = visitor.setState(closed, "m.room.member", { membership: "join" }, visitor.id);
    expect(await joining).toMatchObject(forbidden);
  });
});
