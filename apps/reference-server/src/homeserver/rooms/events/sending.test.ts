import { afterAll, describe, expect, test } from "vitest";
import { startHomeserver } from "../../fixtures/homeserver.ts";
import { findEvent } from "../event.ts";
import { person } from "../fixtures/person.ts";
import type { Person } from "../fixtures/person.ts";

const home = await startHomeserver();
const [alice, bob] = [await person(home, "alice"), await person(home, "bob")];

afterAll(() => home[Symbol.asyncDispose]());

const message = { msgtype: "m.text", body: "Hello" };
const put = (who: Person, room: string, path: string, body: object = message) => who.inRoom(room, "PUT", path, body);

test.each(["10", "11", "12"])("a message is sent into a room of version %s", async (room_version) => {
  const room = await alice.createRoom({ room_version });
  const sent = await put(alice, room, "/send/m.room.message/1");
  expect(sent).toMatchObject({ status: 200, body: { event_id: expect.stringMatching(/^\$[\w-]{43}$/) as string } });
});

test("only who is in a room writes there", async () => {
  const room = await alice.createRoom();
  const forbidden = { status: 403, body: { errcode: "M_FORBIDDEN" } };
  expect(await put(bob, room, "/send/m.room.message/1")).toMatchObject(forbidden);
  expect(await put(bob, "!nowhere:localhost", "/send/m.room.message/1")).toMatchObject(forbidden);
});

describe("a transaction ID", () => {
  test("makes one event of 50 requests at once", async () => {
    const room = await alice.createRoom();
    const sent = await Promise.all(Array.from({ length: 50 }, () => put(alice, room, "/send/m.room.message/same")));
    expect(new Set(sent.map(({ body }) => body["event_id"]))).toHaveLength(1);
    expect(sent.every(({ status }) => status === 200)).toBe(true);
  });

  test("counts for one device, room and type of event", async () => {
    const [room, other] = [await alice.createRoom(), await alice.createRoom()];
    const { access_token: token } = (await home.login("alice")).body;
    const path = `/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/once`;
    const sent = [
      await put(alice, room, "/send/m.room.message/once"),
      await put(alice, other, "/send/m.room.message/once"),
      await put(alice, room, "/send/org.example/once"),
      await home.call("PUT", path, { token, body: message }),
    ];
    expect(new Set(sent.map(({ body }) => body["event_id"]))).toHaveLength(4);
    const again = await put(alice, room, "/send/m.room.message/once");
    expect(again.body["event_id"]).toBe(sent[0]?.body["event_id"]);
  });

  test("of a request that failed counts for nothing", async () => {
    const room = await alice.createRoom();
    const tooLarge = { ...message, body: "x".repeat(65_536) };
    expect((await put(alice, room, "/send/m.room.message/failed", tooLarge)).status).toBe(413);
    expect((await put(alice, room, "/send/m.room.message/failed")).status).toBe(200);
  });
});

describe("sizes and numbers", () => {
  const tooLarge = { status: 413, body: { errcode: "M_TOO_LARGE" } };

  test("an event has 65,536 bytes at most, all that is around the content included", async () => {
    const room = await alice.createRoom();
    const first = (await put(alice, room, "/send/m.room.message/empty", { body: "" })).body["event_id"] as string;
    const { json } = (await findEvent(home.db, first))!;
    const around = Buffer.byteLength(JSON.stringify(json));
    const fits = { body: "x".repeat(65_536 - around) };
    // The depth may have more digits, and the rest is as long in every event.
    expect((await put(alice, room, "/send/m.room.message/fits", fits)).status).toBe(200);
    const more = { body: `${fits.body}xx` };
    expect(await put(alice, room, "/send/m.room.message/more", more)).toMatchObject(tooLarge);
  });

  test("types and state keys have 255 bytes at most", async () => {
    const room = await alice.createRoom();
    expect((await put(alice, room, `/send/${"t".repeat(255)}/1`)).status).toBe(200);
    expect(await put(alice, room, `/send/${"t".repeat(256)}/2`)).toMatchObject({
      status: expect.toBeOneOf([400, 413]) as number,
    });
    expect(await put(alice, room, `/state/org.example/${"k".repeat(256)}`)).toMatchObject({
      status: expect.toBeOneOf([400, 413]) as number,
    });
    expect(await put(alice, room, `/state/org.example/${encodeURIComponent("ü".repeat(128))}`)).toMatchObject(tooLarge);
  });

  test("no name has a NUL, which not every database takes", async () => {
    const room = await alice.createRoom();
    const paths = ["/send/a%00b/1", "/send/org.example/a%00b", "/state/org.example/a%00b", "/redact/$a%00b/1"];
    for (const path of paths) {
      const { status } = await put(alice, room, path);
      expect([path, status]).toEqual([path, expect.toBeOneOf([400, 404])]);
    }
    expect((await put(alice, room, "/send/org.example/1", { body: "a\0b" })).status).toBe(200);
    expect((await alice.inRoom(room, "GET", "/state/org.example/a%00b")).status).toBe(404);
    expect((await alice.inRoom("!a\0b", "GET", "/state")).status).toBe(400);
    expect((await alice.call("POST", "/createRoom", { room_alias_name: "a\0b" })).status).toBe(400);
    expect((await alice.call("POST", "/createRoom", { invite: ["@a\0b:localhost"] })).status).toBe(400);
    const initial_state = [{ type: "org.example", state_key: "a\0b", content: {} }];
    expect((await alice.call("POST", "/createRoom", { initial_state })).status).toBe(400);
    expect((await alice.call("POST", "/publicRooms", { filter: { generic_search_term: "a\0b" } })).status).toBe(200);
  });

  test.each([["1.5"], ["1e300"], ["9007199254740992"], ["-9007199254740992"]])(
    "%s is no number for events",
    async (n) => {
      const room = await alice.createRoom();
      const sent = await alice.inRoom(room, "PUT", "/send/org.example/1", `{"n":${n}}`);
      expect(sent).toMatchObject({ status: 400, body: { errcode: "M_BAD_JSON" } });
    },
  );
});

describe("redaction", () => {
  const redact = (who: Person, room: string, event: string, txn = "1", body: object = { reason: "Spam" }) =>
    put(who, room, `/redact/${encodeURIComponent(event)}/${txn}`, body);

  test.each(["10", "11", "12"])("takes the content away, in version %s", async (room_version) => {
    const room = await alice.createRoom({ room_version, invite: [bob.id] });
    await bob.join(room);
    const own = await bob.say(room, "Sorry");
    const { body } = await redact(bob, room, own);
    const redaction = (await findEvent(home.db, body["event_id"] as string))!;
    expect(redaction.redacts).toBe(own);
    expect(redaction.content).toEqual({ reason: "Spam", ...(room_version !== "10" && { redacts: own }) });
    expect(redaction.json["redacts"]).toBe(room_version === "10" ? own : undefined);
    expect(await findEvent(home.db, own)).toMatchObject({ content: {}, redactedBy: redaction.eventId });
    expect((await redact(alice, room, await bob.say(room, "No"), "2")).status).toBe(200);
  });

  test("of others' events takes power, also where it is sent as an event", async () => {
    const room = await alice.createRoom({ invite: [bob.id] });
    await bob.join(room);
    const event = await alice.say(room, "Mine");
    const forbidden = { status: 403, body: { errcode: "M_FORBIDDEN" } };
    expect(await redact(bob, room, event)).toMatchObject(forbidden);
    expect(await put(bob, room, "/send/m.room.redaction/1", { redacts: event })).toMatchObject(forbidden);
    expect((await put(alice, room, "/send/m.room.redaction/1", { redacts: event })).status).toBe(200);
    expect((await findEvent(home.db, event))?.content).toEqual({});
  });

  test("is for events of the room", async () => {
    const [room, other] = [await alice.createRoom(), await alice.createRoom()];
    const event = await alice.say(other, "Elsewhere");
    const unknown = { status: 404, body: { errcode: "M_NOT_FOUND" } };
    expect(await redact(alice, room, event)).toMatchObject(unknown);
    expect(await redact(alice, room, "$nothing", "2")).toMatchObject(unknown);
    expect((await findEvent(home.db, event))?.content).toMatchObject({ body: "Elsewhere" });
  });

  test("50 at once leave one", async () => {
    const room = await alice.createRoom();
    const event = await alice.say(room, "Once");
    const sent = await Promise.all(Array.from({ length: 50 }, () => redact(alice, room, event)));
    expect(new Set(sent.map(({ body }) => body["event_id"]))).toHaveLength(1);
  });
});
