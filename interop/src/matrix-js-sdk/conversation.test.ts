import { EventType, MsgType, NotificationCountType, RelationType, RoomMemberEvent } from "matrix-js-sdk";
import type { EventTimelineSet, MatrixClient, MatrixEvent, Room } from "matrix-js-sdk";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { runServers } from "../running-servers.ts";
import type { RunningServers } from "../running-servers.ts";
import { registered, startedAnew, syncing } from "./signed-in.ts";

let servers: RunningServers;
let alice: MatrixClient;
let bob: MatrixClient;
let roomId: string;

beforeAll(async () => {
  servers = await runServers({ passwordHashing: "test" });
  alice = await syncing(await registered(servers, "alice"));
  bob = await syncing(await registered(servers, "bob"));
});

afterAll(async () => {
  alice?.stopClient();
  bob?.stopClient();
  await servers?.stop();
});

// One story: each chapter goes on where the one before ended.
describe("a conversation of two users of matrix-js-sdk", () => {
  test("one makes a room and invites, the other sees the invitation and joins", async () => {
    await alice.setDisplayName("Alice");
    ({ room_id: roomId } = await alice.createRoom({
      name: "Tea",
      topic: "Which is best?",
      preset: "private_chat" as never, // the SDK's enum of it is exported as a type only
      invite: ["@bob:localhost"],
    }));
    const invited = await eventually(() => bob.getRoom(roomId));
    expect(invited.getMyMembership()).toBe("invite");
    expect(invited.name).toBe("Tea");
    expect(invited.getMember("@alice:localhost")?.name).toBe("Alice");

    await bob.joinRoom(roomId);
    await vi.waitFor(() => {
      expect(bob.getRoom(roomId)?.getMyMembership()).toBe("join");
      expect(alice.getRoom(roomId)?.getJoinedMemberCount()).toBe(2);
    }, patience);
    expect(bob.getRoom(roomId)?.currentState.getStateEvents("m.room.topic", "")?.getContent()).toMatchObject({
      topic: "Which is best?",
    });
  });

  test("messages go both ways, each once, and the sender's echo is merged", async () => {
    await alice.sendTextMessage(roomId, "Darjeeling?");
    await seen(bob, "Darjeeling?");
    await bob.sendTextMessage(roomId, "Assam!");
    await seen(alice, "Assam!");
    for (const client of [alice, bob]) expect(texts(client)).toEqual(["Darjeeling?", "Assam!"]);
    // An event that is still an echo has a local ID.
    expect(messages(alice).every((event) => event.getId()?.startsWith("$"))).toBe(true);
    expect(messages(alice).every((event) => event.status === null)).toBe(true);
  });

  test("a reader who comes late pages back to the beginning", async () => {
    for (let number = 1; number <= 45; number += 1) await alice.sendTextMessage(roomId, `cup ${number}`);
    await seen(bob, "cup 45");
    bob = startedAnew(bob);
    await syncing(bob, { initialSyncLimit: 10 });
    const room = roomOf(bob);
    expect(texts(bob).length).toBeLessThanOrEqual(10);
    for (let page = 0; page < 20 && room.oldState.paginationToken !== null; page += 1) await bob.scrollback(room, 10);

    expect(texts(bob)).toEqual([
      "Darjeeling?",
      "Assam!",
      ...Array.from({ length: 45 }, (_, index) => `cup ${index + 1}`),
    ]);
    expect(room.getLiveTimeline().getEvents()[0]?.getType()).toBe("m.room.create");
  });

  test("a thread, an edit and a reaction find what they belong to", async () => {
    const root = messages(alice).at(-1)!; // sent in the chapter before
    const threadId = root.getId()!; // it was answered by the server
    await bob.sendMessage(roomId, threadId, { msgtype: MsgType.Text, body: "in the thread" });
    const thread = await eventually(() => roomOf(alice).getThread(threadId));
    await vi.waitFor(() => expect(thread.length).toBe(1), patience);
    await vi.waitFor(() => expect(thread.replyToEvent?.getContent()["body"]).toBe("in the thread"), patience);
    expect(texts(alice)).not.toContain("in the thread");

    await alice.sendMessage(roomId, {
      msgtype: MsgType.Text,
      body: "* cup forty-five",
      "m.new_content": { msgtype: MsgType.Text, body: "cup forty-five" },
      "m.relates_to": { rel_type: RelationType.Replace, event_id: threadId },
    } as never); // the SDK's type knows replies only
    await vi.waitFor(() => expect(find(bob, threadId)?.getContent()["body"]).toBe("cup forty-five"), patience);

    await bob.sendEvent(roomId, EventType.Reaction, {
      "m.relates_to": { rel_type: RelationType.Annotation, event_id: threadId, key: "🍵" },
    });
    await vi.waitFor(() => {
      const reactions = timelines(alice).relations.getChildEventsForEvent(threadId, "m.annotation", "m.reaction");
      expect(reactions?.getSortedAnnotationsByKey()?.map(([key, events]) => [key, events.size])).toEqual([["🍵", 1]]);
    }, patience);

    const { events } = await alice.relations(roomId, threadId, RelationType.Annotation, EventType.Reaction);
    expect(events.map((event) => event.getSender())).toEqual(["@bob:localhost"]);
    await roomOf(alice).createThreadsTimelineSets();
    await roomOf(alice).fetchRoomThreads();
    expect(
      roomOf(alice)
        .getThreads()
        .map(({ id }) => id),
    ).toEqual([threadId]);
    expect(await alice.fetchRoomEvent(roomId, threadId)).toMatchObject({
      // Who sent the root takes part.
      unsigned: { "m.relations": { "m.thread": { count: 1, current_user_participated: true } } },
    });
  });

  test("a redaction takes the content away on both sides", async () => {
    const { event_id: eventId } = await alice.sendTextMessage(roomId, "a slip of the pen");
    await seen(bob, "a slip of the pen");
    await alice.redactEvent(roomId, eventId, undefined, { reason: "typo" });
    for (const client of [alice, bob]) {
      await vi.waitFor(() => expect(find(client, eventId)?.isRedacted()).toBe(true), patience);
      expect(find(client, eventId)?.getContent()).toEqual({});
    }
    expect(await bob.fetchRoomEvent(roomId, eventId)).toMatchObject({
      content: {},
      unsigned: { redacted_because: { sender: "@alice:localhost", content: { reason: "typo" } } },
    });
  });

  test("what is unread is counted until it is read, and the sender sees the receipt", async () => {
    await alice.sendMessage(roomId, {
      msgtype: MsgType.Text,
      body: "Are you there, Bob?",
      "m.mentions": { user_ids: ["@bob:localhost"] },
    });
    await alice.sendTextMessage(roomId, "one more");
    await seen(bob, "one more");
    const room = roomOf(bob);
    await vi.waitFor(() => {
      expect(room.getRoomUnreadNotificationCount(NotificationCountType.Total)).toBeGreaterThanOrEqual(2);
      expect(room.getRoomUnreadNotificationCount(NotificationCountType.Highlight)).toBe(1);
    }, patience);

    const last = messages(bob).at(-1)!; // just seen
    await bob.sendReadReceipt(last);
    await vi.waitFor(() => expect(room.getRoomUnreadNotificationCount()).toBe(0), patience);
    await vi.waitFor(() => expect(roomOf(alice).getEventReadUpTo("@bob:localhost", true)).toBe(last.getId()), patience);

    await bob.setRoomReadMarkers(roomId, last.getId()!, last);
    await vi.waitFor(
      () => expect(room.getAccountData("m.fully_read")?.getContent()).toEqual({ event_id: last.getId() }),
      patience,
    );
  });

  test("typing begins and ends", async () => {
    const typing: boolean[] = [];
    alice.on(RoomMemberEvent.Typing, (_event, member) => {
      if (member.userId === "@bob:localhost") typing.push(member.typing);
    });
    await bob.sendTyping(roomId, true, 30_000);
    await vi.waitFor(() => expect(typing).toEqual([true]), patience);
    await bob.sendTyping(roomId, false, 0);
    await vi.waitFor(() => expect(typing).toEqual([true, false]), patience);
  });

  test("state changes for both, and only by who may change it", async () => {
    await alice.setRoomName(roomId, "Coffee");
    await vi.waitFor(() => expect(roomOf(bob).name).toBe("Coffee"), patience);
    await expect(bob.setRoomName(roomId, "Tea")).rejects.toMatchObject({ errcode: "M_FORBIDDEN", httpStatus: 403 });
    await alice.setPowerLevel(roomId, "@bob:localhost", 50);
    await vi.waitFor(() => expect(roomOf(bob).getMember("@bob:localhost")?.powerLevel).toBe(50), patience);
    await bob.setRoomTopic(roomId, "and milk");
    await vi.waitFor(() => expect(topic(alice)).toBe("and milk"), patience);
    const state = await bob.roomState(roomId);
    expect(state.find(({ type }) => type === "m.room.topic")).toMatchObject({ content: { topic: "and milk" } });
  });

  test("a file that one uploads is downloaded by the other", async () => {
    const bytes = Buffer.from("pretend that this is a picture of tea");
    const { content_uri: uri } = await alice.uploadContent(bytes, { name: "tea.txt", type: "text/plain" });
    await alice.sendMessage(roomId, { msgtype: MsgType.File, body: "tea.txt", url: uri });
    await seen(bob, "tea.txt");
    const url = bob.mxcUrlToHttp(uri, undefined, undefined, undefined, false, true, true) ?? "";
    const file = await fetch(url, { headers: { authorization: `Bearer ${bob.getAccessToken()}` } });
    expect(file.status).toBe(200);
    expect(file.headers.get("content-type")).toMatch(/^text\/plain/);
    expect(Buffer.from(await file.arrayBuffer())).toEqual(bytes);
    expect((await fetch(url)).status).toBe(401);
  });
});

const patience = { timeout: 15_000, interval: 50 };

/** Waits for what a sync brings. */
function eventually<T>(look: () => T | null | undefined): Promise<T> {
  return vi.waitFor(() => {
    const found = look();
    if (found === null || found === undefined) throw new Error(`nothing yet: ${look.toString()}`);
    return found;
  }, patience);
}

const seen = (client: MatrixClient, text: string) => vi.waitFor(() => expect(texts(client)).toContain(text), patience);

function roomOf(client: MatrixClient): Room {
  const room = client.getRoom(roomId);
  if (room === null) throw new Error(`${client.getUserId()} has no room ${roomId}.`);
  return room;
}

const timelines = (client: MatrixClient): EventTimelineSet => roomOf(client).getUnfilteredTimelineSet();

const messages = (client: MatrixClient): MatrixEvent[] =>
  roomOf(client)
    .getLiveTimeline()
    .getEvents()
    .filter((event) => event.getType() === "m.room.message" && !event.isRelation(RelationType.Replace));

const texts = (client: MatrixClient): string[] => messages(client).map((event) => String(event.getContent()["body"]));

const find = (client: MatrixClient, eventId: string) => roomOf(client).findEventById(eventId);

const topic = (client: MatrixClient) =>
  roomOf(client).currentState.getStateEvents("m.room.topic", "")?.getContent()["topic"];
