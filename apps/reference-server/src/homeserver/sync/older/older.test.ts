import { afterAll, expect, test } from "vitest";
import { startHomeserver } from "../../fixtures/homeserver.ts";
import { guest, person } from "../../rooms/fixtures/person.ts";
import { textsOf } from "../../timeline/fixtures/events.ts";

const home = await startHomeserver();
const [alice, bob] = [await person(home, "alice"), await person(home, "bob")];

afterAll(() => home[Symbol.asyncDispose]());

test("/initialSync has the rooms, /events goes on from there", async () => {
  const room = await alice.createRoom({ preset: "public_chat" });
  await alice.say(room, "one");
  const invited = await bob.createRoom();
  await bob.invite(invited, alice);
  const { body } = await alice.call("GET", "/initialSync?limit=1");
  const rooms = body["rooms"] as unknown as { room_id: string; membership: string; messages?: { chunk: never } }[];
  expect(rooms.map(({ room_id, membership }) => [room_id, membership])).toEqual(
    expect.arrayContaining([
      [room, "join"],
      [invited, "invite"],
    ]),
  );
  expect(textsOf(rooms.find(({ room_id }) => room_id === room)?.messages?.chunk)).toEqual(["one"]);
  const waiting = alice.call("GET", `/events?timeout=30000&from=${body["end"] as string}`);
  await alice.say(room, "two");
  expect(textsOf((await waiting).body["chunk"] as never)).toEqual(["two"]);
});

test("rooms that all may read can be looked into without joining, by guests too; others not", async () => {
  const room = await alice.createRoom({ preset: "public_chat" });
  const visitor = await guest(home);
  const closed = { status: 403, body: { errcode: "M_FORBIDDEN" } };
  const path = `/events?room_id=${encodeURIComponent(room)}&timeout=30000`;
  expect(await visitor.call("GET", path)).toMatchObject(closed);
  expect(await visitor.inRoom(room, "GET", "/initialSync")).toMatchObject(closed);
  expect(await visitor.call("GET", "/events")).toMatchObject({ status: 400, body: { errcode: "M_MISSING_PARAM" } });
  await alice.setState(room, "m.room.history_visibility", { history_visibility: "world_readable" });
  await alice.say(room, "for all");
  const { body } = await visitor.inRoom(room, "GET", "/initialSync");
  const messages = body["messages"] as unknown as { end: string; chunk: never };
  expect(textsOf(messages.chunk)).toEqual(["for all"]);
  expect(body).toMatchObject({ room_id: room, membership: "leave", visibility: "private" });
  const waiting = visitor.call("GET", `${path}&from=${messages.end}`);
  await alice.say(room, "more");
  expect(textsOf((await waiting).body["chunk"] as never)).toEqual(["more"]);
});

test("/events/{eventId} finds an event wherever it is, for who may see it", async () => {
  const event = await alice.say(await alice.createRoom(), "x");
  const path = `/events/${encodeURIComponent(event)}`;
  expect((await alice.call("GET", path)).body).toMatchObject({ event_id: event });
  expect((await bob.call("GET", path)).status).toBe(404);
});
