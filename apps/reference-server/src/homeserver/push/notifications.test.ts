import { afterAll, expect, test } from "vitest";
import { startHomeserver } from "../fixtures/homeserver.ts";
import { person } from "../rooms/fixtures/person.ts";
import type { Person } from "../rooms/fixtures/person.ts";
import { clearNotifications } from "./read-positions.ts";

const home = await startHomeserver();
const [alice, bob] = [await person(home, "alice"), await person(home, "bob")];

afterAll(() => home[Symbol.asyncDispose]());

interface Listed {
  readonly room_id: string;
  readonly event: { readonly event_id: string; readonly content: { readonly body?: string } };
  readonly read: boolean;
  readonly ts: number;
  readonly actions: readonly unknown[];
}

const list = async (who: Person, query = "") => {
  const { status, body } = await who.call("GET", `/notifications${query}`);
  const notifications = body["notifications"] as unknown as Listed[];
  return { status, body, notifications, bodies: notifications?.map(({ event }) => event.content.body) };
};

test("they are listed from the newest, in pages without gap or double, and end", async () => {
  const rooms = [await alice.createRoom({ preset: "public_chat" }), await alice.createRoom({ preset: "public_chat" })];
  for (const roomId of rooms) await bob.join(roomId);
  const sent: string[] = [];
  for (let index = 0; index < 7; index++) {
    sent.push(await alice.say(rooms[index % 2] ?? "", `${index}`));
    if (index % 3 === 0) home.clock.advance(1000);
  }
  const found: string[] = [];
  let from = "";
  do {
    const { notifications, body } = await list(bob, `?limit=2${from}`);
    expect(notifications.length).toBeLessThanOrEqual(2);
    found.push(...notifications.map(({ event }) => event.event_id));
    from = typeof body["next_token"] === "string" ? `&from=${body["next_token"]}` : "";
  } while (from !== "");
  expect(found).toHaveLength(7);
  expect(new Set(found)).toEqual(new Set(sent));
  const { notifications } = await list(bob);
  expect(notifications.map(({ event }) => event.event_id)).toEqual(found);
  expect(notifications.map(({ ts }) => ts)).toEqual(notifications.map(({ ts }) => ts).toSorted((a, b) => b - a));
  expect(notifications[0]).toMatchObject({
    actions: ["notify", { set_tweak: "sound", value: "default" }],
    read: false,
  });
  expect((await list(alice)).notifications).toEqual([]);
});

test("only highlights, where only they are asked for; read, once they are", async () => {
  const carol = await person(home, "carol");
  const roomId = await alice.createRoom({ preset: "public_chat" });
  await carol.join(roomId);
  await alice.say(roomId, "plain");
  await alice.inRoom(roomId, "PUT", "/send/m.room.message/highlight", {
    msgtype: "m.text",
    body: "you",
    "m.mentions": { user_ids: [carol.id] },
  });
  expect((await list(carol)).bodies).toEqual(["you", "plain"]);
  expect((await list(carol, "?only=highlight")).bodies).toEqual(["you"]);
  await clearNotifications(home.db, carol.id, roomId, { upTo: 1000 });
  expect((await list(carol)).notifications.map(({ read }) => read)).toEqual([true, true]);
});

test("what nobody is there to ask for any more is forgotten, and nothing else", async () => {
  const [dave, erin] = [await person(home, "dave"), await person(home, "erin")];
  const roomId = await alice.createRoom({ preset: "public_chat" });
  const kept = async () =>
    (await home.db.selectFrom("hs_room_notifications").selectAll().where("room_id", "=", roomId).execute()).length;
  const say = async (...texts: string[]) => {
    for (const text of texts) await alice.say(roomId, text);
  };
  await say("nobody hears it");
  await dave.join(roomId);
  await say("one", "two");
  await erin.join(roomId);
  await say("three");
  const leave = (who: Person) => who.inRoom(roomId, "POST", "/leave", {});
  await leave(alice);
  expect((await list(dave)).bodies).toEqual(["three", "two", "one"]);
  expect(await kept()).toBe(3);
  await leave(dave);
  expect((await list(erin)).bodies).toEqual(["three"]);
  expect(await kept()).toBe(1);
  await dave.join(roomId);
  expect((await list(dave)).bodies).toEqual([]);
  for (const who of [erin, dave]) await leave(who);
  expect(await kept()).toBe(0);
});

test("a token that is none of the list is refused", async () => {
  for (const from of ["x", "bnVsbA", "s12"]) {
    expect(await list(bob, `?from=${from}`)).toMatchObject({ status: 400, body: { errcode: "M_INVALID_PARAM" } });
  }
});
