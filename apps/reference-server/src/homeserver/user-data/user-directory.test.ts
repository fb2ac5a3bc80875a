import { afterAll, expect, test } from "vitest";
import { passwordOf, startHomeserver } from "../fixtures/homeserver.ts";
import { person } from "../rooms/fixtures/person.ts";

const home = await startHomeserver();
const alice = await person(home, "alice");

afterAll(() => home[Symbol.asyncDispose]());

const search = async (search_term: string, limit?: number) => {
  const { body } = await alice.call("POST", "/user_directory/search", {
    search_term,
    ...(limit !== undefined && { limit }),
  });
  return body as unknown as { readonly results: readonly { readonly user_id: string }[]; readonly limited: boolean };
};
const found = async (term: string) => (await search(term)).results.map(({ user_id }) => user_id);

test("users are found by whom they share rooms with, and by open rooms, and not otherwise", async () => {
  const [friend, open, readable, hidden] = [
    await person(home, "zoe.friend"),
    await person(home, "zoe.open"),
    await person(home, "zoe.readable"),
    await person(home, "zoe.hidden"),
  ];
  const roomId = await alice.createRoom();
  await alice.invite(roomId, friend);
  await open.createRoom({ preset: "public_chat" });
  await hidden.createRoom();
  const world = { type: "m.room.history_visibility", content: { history_visibility: "world_readable" } };
  await readable.createRoom({ initial_state: [world] });
  expect(await found("zoe")).toEqual([open.id, readable.id]);
  await friend.join(roomId);
  expect(await found("zoe")).toEqual([friend.id, open.id, readable.id]);
  await friend.inRoom(roomId, "POST", "/leave", {});
  expect(await found("zoe")).toEqual([open.id, readable.id]);
});

test("by ID or display name, whatever the case, those that begin with it first", async () => {
  const [yves, other] = [await person(home, "yves"), await person(home, "somebody")];
  for (const who of [yves, other]) await who.createRoom({ preset: "public_chat" });
  await other.call("PUT", `/profile/${other.id}/displayname`, { displayname: "Saint ÄYVES 100%_" });
  await other.call("PUT", `/profile/${other.id}/avatar_url`, { avatar_url: "mxc://localhost/picture" });
  expect(await found("YVES")).toEqual([yves.id, other.id]);
  expect((await search("äyves")).results).toEqual([
    { user_id: other.id, display_name: "Saint ÄYVES 100%_", avatar_url: "mxc://localhost/picture" },
  ]);
  expect(await found("saint")).toEqual([other.id]);
  expect(await found("0%_")).toEqual([other.id]);
  for (const term of ["y%s", "y_es", "\\", "", "nobody at all"]) expect(await found(term)).toEqual([]);
});

test("as many as asked for, and whether there are more", async () => {
  for (let index = 0; index < 12; index++) {
    await (await person(home, `xaver${index}`)).createRoom({ preset: "public_chat" });
  }
  const all = await search("xaver");
  expect([all.results.length, all.limited]).toEqual([10, true]);
  const three = await search("xaver", 3);
  expect([three.results.length, three.limited]).toEqual([3, true]);
  const twelve = await search("xaver", 12);
  expect([twelve.results.length, twelve.limited]).toEqual([12, false]);
});

test("closed accounts are not found", async () => {
  const gone = await person(home, "walter");
  await gone.createRoom({ preset: "public_chat" });
  expect(await found("walter")).toEqual([gone.id]);
  const token = gone.session.access_token;
  await home.authenticated("POST", "/v3/account/deactivate", passwordOf("walter"), { token });
  expect(await found("walter")).toEqual([]);
});
