import { afterAll, expect, test } from "vitest";
import { passwordOf, startHomeserver } from "../fixtures/homeserver.ts";
import { guest, person } from "../rooms/fixtures/person.ts";
import type { Person } from "../rooms/fixtures/person.ts";

const home = await startHomeserver({ registration: { guests: true } });
const [alice, bob] = [await person(home, "alice"), await person(home, "bob")];

afterAll(() => home[Symbol.asyncDispose]());

const setField = (who: Person, name: string, value: unknown, of = who) =>
  who.call("PUT", `/profile/${of.id}/${name}`, { [name]: value });
const profile = (of: string, name = "") => home.call("GET", `/v3/profile/${of}${name}`);
const unknown = { status: 404, body: { errcode: "M_NOT_FOUND" } };
const avatar = "mxc://localhost/picture";

test("fields are set, looked up by anybody, and removed", async () => {
  const carol = await person(home, "carol");
  expect(await profile(carol.id)).toMatchObject(unknown);
  for (const [name, value] of [
    ["displayname", "Carol"],
    ["avatar_url", avatar],
    ["m.tz", "Europe/London"],
    ["org.example.jobs", [{ title: "Gardener" }, null]],
    ["org.example.nothing", null],
  ] as const) {
    expect((await setField(carol, name, value)).body).toEqual({});
    expect((await profile(carol.id, `/${name}`)).body).toEqual({ [name]: value });
  }
  expect((await profile(carol.id)).body).toEqual({
    displayname: "Carol",
    avatar_url: avatar,
    "m.tz": "Europe/London",
    "org.example.jobs": [{ title: "Gardener" }, null],
    "org.example.nothing": null,
  });
  for (let time = 0; time < 2; time++) {
    expect((await carol.call("DELETE", `/profile/${carol.id}/m.tz`)).body).toEqual({});
  }
  expect(await profile(carol.id, "/m.tz")).toMatchObject(unknown);
});

test("nobody knows of users of other servers", async () => {
  expect(await profile("@alice:example.org")).toMatchObject(unknown);
  expect(await profile("@nobody:localhost", "/displayname")).toMatchObject(unknown);
});

test("nobody changes another's profile", async () => {
  const forbidden = { status: 403, body: { errcode: "M_FORBIDDEN" } };
  expect(await setField(bob, "displayname", "x", alice)).toMatchObject(forbidden);
  expect(await bob.call("DELETE", `/profile/${alice.id}/displayname`)).toMatchObject(forbidden);
  expect(await profile(alice.id)).toMatchObject(unknown);
});

test("what is no field or no value of one is refused", async () => {
  const answer = async (name: string, body: object) => {
    const { status, body: told } = await alice.call("PUT", `/profile/${alice.id}/${name}`, body);
    return [status, told.errcode];
  };
  expect(await answer("displayname", { avatar_url: avatar })).toEqual([400, "M_MISSING_PARAM"]);
  expect(await answer("displayname", { displayname: 1 })).toEqual([400, "M_BAD_JSON"]);
  expect(await answer("avatar_url", { avatar_url: "https://example.org/x.png" })).toEqual([400, "M_BAD_JSON"]);
  expect(await answer("nickname", { nickname: "x" })).toEqual([400, "M_INVALID_PARAM"]);
  const long = `org.${"a".repeat(252)}`;
  expect(await answer(long, { [long]: 1 })).toEqual([400, "M_KEY_TOO_LARGE"]);
});

test("the whole of a profile stays below 64 KiB", async () => {
  const dave = await person(home, "dave");
  expect((await setField(dave, "org.example.one", "x".repeat(40_000))).status).toBe(200);
  expect(await setField(dave, "org.example.two", "x".repeat(30_000))).toMatchObject({
    status: 400,
    body: { errcode: "M_PROFILE_TOO_LARGE" },
  });
  expect((await setField(dave, "org.example.one", "x".repeat(30_000))).status).toBe(200);
  expect((await setField(dave, "org.example.two", "x".repeat(30_000))).status).toBe(200);
});

test("guests have a display name and nothing more", async () => {
  const somebody = await guest(home);
  expect((await setField(somebody, "displayname", "Guest")).status).toBe(200);
  expect((await somebody.call("DELETE", `/profile/${somebody.id}/displayname`)).status).toBe(200);
  expect(await setField(somebody, "avatar_url", avatar)).toMatchObject({ status: 403 });
  expect(await somebody.call("DELETE", `/profile/${somebody.id}/m.tz`)).toMatchObject({ status: 403 });
});

test("every joined room is told of a new name or picture, and of nothing else", async () => {
  const [one, two, invited] = [await alice.createRoom(), await alice.createRoom(), await bob.createRoom()];
  await bob.invite(invited, alice);
  await alice.setState(one, "m.room.member", { membership: "join", "org.example.custom": 1 }, alice.id);
  await setField(alice, "displayname", "Alice");
  await setField(alice, "avatar_url", avatar);
  const member = { membership: "join", displayname: "Alice", avatar_url: avatar };
  expect(await alice.stateOf(one, "m.room.member", alice.id)).toEqual({ ...member, "org.example.custom": 1 });
  expect(await alice.stateOf(two, "m.room.member", alice.id)).toEqual(member);
  expect(await bob.stateOf(invited, "m.room.member", alice.id)).toEqual({ membership: "invite" });
  const depth = async () =>
    (await home.db.selectFrom("hs_rooms").select("depth").where("room_id", "=", two).executeTakeFirst())?.depth;
  const before = await depth();
  await setField(alice, "displayname", "Alice");
  await setField(alice, "m.tz", "Europe/Paris");
  expect(await depth()).toBe(before);
  await alice.call("DELETE", `/profile/${alice.id}/displayname`);
  expect(await alice.stateOf(two, "m.room.member", alice.id)).toEqual({ membership: "join", avatar_url: avatar });
});

test("a name that no event can hold changes nothing anywhere", async () => {
  const erin = await person(home, "erin");
  const roomId = await erin.createRoom();
  expect((await setField(erin, "displayname", "x".repeat(65_000))).status).toBe(413);
  expect(await profile(erin.id)).toMatchObject(unknown);
  expect(await erin.stateOf(roomId, "m.room.member", erin.id)).toEqual({ membership: "join" });
});

test("new rooms know the profile from the start", async () => {
  const frank = await person(home, "frank");
  await setField(frank, "displayname", "Frank");
  await setField(frank, "avatar_url", avatar);
  const roomId = await frank.createRoom();
  expect(await frank.stateOf(roomId, "m.room.member", frank.id)).toMatchObject({
    displayname: "Frank",
    avatar_url: avatar,
  });
});

test("a closed account has no profile", async () => {
  const gone = await person(home, "gone");
  await setField(gone, "displayname", "Gone");
  const token = gone.session.access_token;
  await home.authenticated("POST", "/v3/account/deactivate", passwordOf("gone"), { token });
  expect(await profile(gone.id)).toMatchObject(unknown);
});
