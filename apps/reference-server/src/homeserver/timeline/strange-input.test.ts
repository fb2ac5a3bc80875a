import { afterAll, expect, test } from "vitest";
import { startHomeserver } from "../fixtures/homeserver.ts";
import { person } from "../rooms/fixtures/person.ts";

const home = await startHomeserver();
const alice = await person(home, "alice");
const room = await alice.createRoom();
const event = await alice.say(room, "x");

afterAll(() => home[Symbol.asyncDispose]());

const strange = ["\0", "$\0", "x\0y", "$", "😀", "%", "'", `$${"x".repeat(300)}`, "s1", "__proto__"];

test.each(strange)("%o is no failure anywhere", async (text) => {
  const [part, inRoom] = [encodeURIComponent(text), `/rooms/${encodeURIComponent(room)}`];
  const ofEvent = encodeURIComponent(event);
  const requests: readonly (readonly [string, string, object?])[] = [
    ["GET", `${inRoom}/event/${part}`],
    ["GET", `${inRoom}/context/${part}`],
    ["GET", `${inRoom}/context/${ofEvent}?filter=${part}`],
    ["GET", `${inRoom}/messages?dir=b&from=${part}&to=${part}`],
    ["GET", `/rooms/${part}/messages?dir=b`],
    ["GET", `/events/${part}`],
    ["GET", `/events?from=${part}&room_id=${part}`],
    ["GET", `/../v1${inRoom}/relations/${part}`],
    ["GET", `/../v1${inRoom}/relations/${ofEvent}/${part}/${part}?from=${part}`],
    ["GET", `/../v1${inRoom}/threads?from=${part}`],
    ["GET", `/sync?since=${part}`],
    ["GET", `/sync?filter=${part}`],
    ["GET", `/user/${encodeURIComponent(alice.id)}/filter/${part}`],
    ["POST", `/user/${encodeURIComponent(alice.id)}/filter`, { [text]: 1.5, event_fields: [text] }],
    ["POST", `${inRoom}/receipt/m.read/${ofEvent}`, { thread_id: text }],
    ["POST", `${inRoom}/receipt/m.read/${part}`, {}],
    ["POST", `${inRoom}/read_markers`, { "m.read": text, "m.fully_read": text }],
    ["POST", `/search?next_batch=${part}`, { search_categories: { room_events: { search_term: text } } }],
    ["POST", "/search", { search_categories: { room_events: { search_term: text, filter: { rooms: [text] } } } }],
    ["PUT", `${inRoom}/send/m.room.message/${part}`, { body: text, msgtype: text }],
    [
      "PUT",
      `${inRoom}/send/m.reaction/r${part}`,
      { "m.relates_to": { rel_type: "m.annotation", event_id: event, key: text } },
    ],
    ["PUT", `${inRoom}/send/m.room.message/t${part}`, { "m.relates_to": { rel_type: text, event_id: text } }],
    ["PUT", `${inRoom}/send/m.room.message/u${part}`, { "m.relates_to": { rel_type: "m.thread", event_id: text } }],
  ];
  for (const [method, path, body] of requests) {
    const answer = await alice.call(method, path, body);
    expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(500);
  }
  const query = `/sync?filter=${encodeURIComponent(JSON.stringify({ event_fields: [text], room: { rooms: [room, text] } }))}`;
  expect((await alice.call("GET", query)).status).toBeLessThan(500);
});
