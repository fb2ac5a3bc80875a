import { createClient, Preset, PushRuleKind, SyncState, ClientEvent } from "matrix-js-sdk";
import type { MatrixClient } from "matrix-js-sdk";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { runServers } from "../running-servers.ts";
import type { RunningServers } from "../running-servers.ts";
import { loggedIn, registered, syncing } from "./signed-in.ts";

let servers: RunningServers;
let alice: MatrixClient;
let phone: MatrixClient;
let bob: MatrixClient;
let roomId: string;

beforeAll(async () => {
  servers = await runServers({ passwordHashing: "test" });
  alice = await syncing(await registered(servers, "alice"));
  phone = await syncing(await loggedIn(servers, "alice"));
  bob = await syncing(await registered(servers, "bob"));
  const room = await alice.createRoom({ name: "Tea", preset: Preset.PublicChat, room_alias_name: "tea" });
  roomId = room.room_id;
  await bob.joinRoom("#tea:localhost");
});

afterAll(async () => {
  for (const client of [alice, phone, bob]) client?.stopClient();
  await servers?.stop();
});

// One story: each chapter goes on where the one before ended.
describe("what lasts for matrix-js-sdk", () => {
  test("account data, tags, profile and push rules come to the account's other device", async () => {
    await alice.setAccountData("org.example.tea" as never, { sugar: "no" } as never); // a type the SDK has not listed
    await alice.setRoomAccountData(roomId, "org.example.cup" as never, { size: 3 } as never);
    await alice.setRoomTag(roomId, "m.favourite", { order: 0.25 });
    await alice.setDisplayName("Alice of the teapot");
    await alice.addPushRule("global", PushRuleKind.ContentSpecific, "org.example.oolong", {
      pattern: "oolong",
      actions: ["notify" as never, { set_tweak: "highlight" as never, value: true }], // its enums are types only
    });
    await vi.waitFor(() => {
      const room = phone.getRoom(roomId);
      expect(phone.getAccountData("org.example.tea" as never)?.getContent()).toEqual({ sugar: "no" });
      expect(room?.getAccountData("org.example.cup")?.getContent()).toEqual({ size: 3 });
      expect(room?.tags).toEqual({ "m.favourite": { order: 0.25 } });
      expect(room?.getMember("@alice:localhost")?.name).toBe("Alice of the teapot");
      expect(phone.pushRules?.global.content?.map(({ rule_id: id }) => id)).toContain("org.example.oolong");
    }, patience);
    expect(bob.getAccountData("org.example.tea" as never)).toBeUndefined();
    expect(bob.getRoom(roomId)?.tags).toEqual({});

    await bob.sendTextMessage(roomId, "who would like an oolong?");
    await vi.waitFor(
      () => expect(phone.getRoom(roomId)?.getUnreadNotificationCount("highlight" as never)).toBe(1),
      patience,
    );
  });

  test("a restart of the server loses nothing and doubles nothing", async () => {
    await bob.sendTextMessage(roomId, "before");
    await vi.waitFor(() => expect(texts(alice, roomId)).toContain("before"), patience);
    const interrupted = state(alice, [SyncState.Reconnecting, SyncState.Error]);
    const recovered = interrupted.then(() => state(alice, [SyncState.Syncing]));
    await servers.restart();
    await interrupted;
    alice.retryImmediately();
    bob.retryImmediately();
    await recovered;

    await bob.sendTextMessage(roomId, "after");
    // The SDK leaves its echo where it was written, before what it had not seen yet.
    await vi.waitFor(() => expect(texts(alice, roomId)).toContain("after"), patience);
    await alice.sendTextMessage(roomId, "and an answer");
    const all = ["who would like an oolong?", "before", "after", "and an answer"];
    await vi.waitFor(() => {
      expect(texts(alice, roomId)).toEqual(all);
      expect(texts(bob, roomId)).toEqual(all);
    }, patience);
    // Who comes anew sees the same.
    const tablet = await syncing(await loggedIn(servers, "alice"));
    expect(texts(tablet, roomId)).toEqual(all);
    expect(tablet.getAccountData("org.example.tea" as never)?.getContent()).toEqual({ sugar: "no" });
    expect(tablet.getRoom(roomId)?.tags).toEqual({ "m.favourite": { order: 0.25 } });
    tablet.stopClient();
  });

  test("an upgraded room points to its successor, which has its name and alias", async () => {
    const { replacement_room: successor } = await alice.upgradeRoom(roomId, "11");
    await vi.waitFor(
      () =>
        expect(bob.getRoom(roomId)?.currentState.getStateEvents("m.room.tombstone", "")?.getContent()).toMatchObject({
          replacement_room: successor,
        }),
      patience,
    );
    await bob.joinRoom(successor);
    await vi.waitFor(() => expect(bob.getRoom(successor)?.name).toBe("Tea"), patience);
    expect(bob.getRoom(successor)?.findPredecessor()?.roomId).toBe(roomId);
    expect(bob.getRoom(successor)?.getVersion()).toBe("11");
    expect((await bob.getRoomIdForAlias("#tea:localhost")).room_id).toBe(successor);
    expect(bob.getRoomUpgradeHistory(roomId, true).map((room) => room.roomId)).toEqual([roomId, successor]);
  });

  test("who leaves a room is told of it, and who forgets it is rid of it", async () => {
    await bob.leave(roomId);
    await vi.waitFor(() => expect(bob.getRoom(roomId)?.getMyMembership()).toBe("leave"), patience);
    await vi.waitFor(
      () => expect(alice.getRoom(roomId)?.getMember("@bob:localhost")?.membership).toBe("leave"),
      patience,
    );
    await expect(bob.sendTextMessage(roomId, "still here?")).rejects.toMatchObject({ errcode: "M_FORBIDDEN" });
    await bob.forget(roomId);
    expect(bob.getRoom(roomId)).toBeNull();
    expect((await bob.getJoinedRooms()).joined_rooms).not.toContain(roomId);
    await expect(bob.createMessagesRequest(roomId, null, 10, "b" as never)).rejects.toMatchObject({
      errcode: "M_FORBIDDEN",
    });
  });

  test("who is logged out is told so, and sees nothing more", async () => {
    const loggedOut = new Promise((resolve) => phone.once("Session.logged_out" as never, resolve as never));
    const identifier = { type: "m.id.user", user: "alice" };
    const other = phone.getDeviceId() ?? "";
    const challenge = await alice.deleteDevice(other).catch((error: { data: { session: string } }) => error.data);
    await alice.deleteDevice(other, {
      type: "m.login.password",
      identifier,
      password: "correct horse battery staple",
      session: (challenge as { session: string }).session,
    });
    await loggedOut;
    const stale = createClient({ baseUrl: servers.homeserver, accessToken: phone.getAccessToken() ?? "" });
    await expect(stale.whoami()).rejects.toMatchObject({ errcode: "M_UNKNOWN_TOKEN" });
  });
});

const patience = { timeout: 15_000, interval: 50 };

const texts = (client: MatrixClient, id: string): string[] =>
  (client.getRoom(id)?.getLiveTimeline().getEvents() ?? [])
    .filter((event) => event.getType() === "m.room.message")
    .map((event) => String(event.getContent()["body"]));

/** Resolves at the next sync state that is one of these. */
function state(client: MatrixClient, awaited: readonly SyncState[]): Promise<void> {
  return new Promise((resolve) => {
    const listener = (found: SyncState): void => {
      if (!awaited.includes(found)) return;
      client.off(ClientEvent.Sync, listener);
      resolve();
    };
    client.on(ClientEvent.Sync, listener);
  });
}
