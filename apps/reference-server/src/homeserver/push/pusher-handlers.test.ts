import { afterEach, beforeEach, expect, test } from "vitest";
import { startHomeserver } from "../fixtures/homeserver.ts";
import type { TestHomeserver } from "../fixtures/homeserver.ts";
import { person } from "../rooms/fixtures/person.ts";
import type { Person } from "../rooms/fixtures/person.ts";
import { pusherTo } from "./fixtures/push-gateway.ts";

let home: TestHomeserver;
let alice: Person;
let bob: Person;

beforeEach(async () => {
  home = await startHomeserver({ outbound: { allowPrivateAddresses: true }, logLevel: "silent" });
  [alice, bob] = [await person(home, "alice"), await person(home, "bob")];
});

afterEach(() => home[Symbol.asyncDispose]());

// Nothing is pushed here, so that nobody has to be there.
const pusher = (more: object = {}) => pusherTo("http://127.0.0.1:1/_matrix/push/v1/notify", more);
const set = (who: Person, more: object = {}) => who.call("POST", "/pushers/set", pusher(more));
const listed = async (who: Person) => (await who.call("GET", "/pushers")).body["pushers"] as unknown as object[];

test("a pusher is set, replaced, listed and deleted by its names", async () => {
  expect((await set(bob, { profile_tag: "x" })).body).toEqual({});
  const { append: _append, ...expected } = { append: false, ...pusher({ profile_tag: "x" }) };
  expect(await listed(bob)).toEqual([expected]);
  await set(bob, { lang: "de" });
  expect(await listed(bob)).toEqual([pusher({ lang: "de" })]);
  await set(bob, { pushkey: "other" });
  expect(await listed(bob)).toHaveLength(2);
  const deletion = { kind: null, app_id: "org.example.chat", pushkey: "key" };
  for (let time = 0; time < 2; time++) expect((await bob.call("POST", "/pushers/set", deletion)).body).toEqual({});
  expect(await listed(bob)).toEqual([pusher({ pushkey: "other" })]);
  expect(await listed(alice)).toEqual([]);
});

test("a device that changes hands takes its key along, unless people share it", async () => {
  await set(alice);
  await set(bob, { append: true });
  expect([await listed(alice), await listed(bob)]).toMatchObject([{ length: 1 }, { length: 1 }]);
  await set(bob);
  expect([await listed(alice), await listed(bob)]).toMatchObject([{ length: 0 }, { length: 1 }]);
});

test("a pusher goes with the session that has set it", async () => {
  await set(bob);
  await bob.call("POST", "/logout", {});
  expect(await home.db.selectFrom("hs_pushers").selectAll().execute()).toEqual([]);
});

test("what a pusher needs is asked for", async () => {
  const { lang: _lang, ...withoutLang } = pusher();
  expect((await bob.call("POST", "/pushers/set", withoutLang)).status).toBe(400);
  expect((await set(bob, { data: {} })).status).toBe(400);
  expect((await set(bob, { data: { url: "https://example.org/other" } })).status).toBe(400);
  expect(await set(bob, { kind: "email", app_id: "m.email", pushkey: "bob@example.org", data: {} })).toMatchObject({
    status: 400,
    body: { errcode: "M_UNKNOWN" },
  });
  expect(await listed(bob)).toEqual([]);
});

test("without leave to reach its surroundings, the server sends nothing in the clear", async () => {
  await using strict = await startHomeserver();
  const carol = await person(strict, "carol");
  expect(await set(carol)).toMatchObject({ status: 400, body: { errcode: "M_UNKNOWN" } });
});
