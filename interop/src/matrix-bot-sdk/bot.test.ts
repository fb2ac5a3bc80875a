import type { MatrixClient as Person } from "matrix-js-sdk";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { registered, syncing } from "../matrix-js-sdk/signed-in.ts";
import { runServers } from "../running-servers.ts";
import type { RunningServers } from "../running-servers.ts";
import { matrixBotSdk } from "./matrix-bot-sdk.ts";
import type { BotClient, MatrixBotSdk, RoomMessage } from "./matrix-bot-sdk.ts";

const minutes = 60_000;

let servers: RunningServers;
let sdk: MatrixBotSdk;
let bot: BotClient;
let alice: Person;
let roomId: string;

beforeAll(async () => {
  sdk = matrixBotSdk();
  servers = await runServers({ passwordHashing: "test" });
  alice = await syncing(await registered(servers, "alice"));
}, 5 * minutes);

afterAll(async () => {
  bot?.stop();
  alice?.stopClient();
  await servers?.stop();
});

// One story: each chapter goes on where the one before ended.
describe("a bot made with matrix-bot-sdk", () => {
  test("gets an account by registering and logs in", async () => {
    const auth = new sdk.MatrixAuth(servers.homeserver);
    const first = await auth.passwordRegister("teabot", "correct horse battery staple", "A bot");
    expect(await first.getUserId()).toBe("@teabot:localhost");
    const client = await auth.passwordLogin("teabot", "correct horse battery staple", "A bot");
    bot = new sdk.MatrixClient(servers.homeserver, client.accessToken, new sdk.MemoryStorageProvider());
    expect(await bot.getUserId()).toBe("@teabot:localhost");
  });

  test("joins where it is invited, and answers what it is asked", async () => {
    sdk.AutojoinRoomsMixin.setupOnClient(bot);
    bot.on("room.message", (room: string, event: RoomMessage) => {
      if (event.sender === "@teabot:localhost") return;
      if (event.content.body === "!tea") void bot.replyHtmlText(room, event, "<b>Earl Grey</b>");
    });
    await bot.start();
    ({ room_id: roomId } = await alice.createRoom({ name: "Questions", invite: ["@teabot:localhost"] }));
    await vi.waitFor(
      () => expect(alice.getRoom(roomId)?.getMember("@teabot:localhost")?.membership).toBe("join"),
      patience,
    );
    const { event_id: asked } = await alice.sendTextMessage(roomId, "!tea");
    await vi.waitFor(() => expect(answers()).toHaveLength(1), patience);
    expect(answers()[0]).toMatchObject({
      format: "org.matrix.custom.html",
      formatted_body: expect.stringContaining("<b>Earl Grey</b>"),
      "m.relates_to": { "m.in_reply_to": { event_id: asked } },
    });
  });

  test("answers each question once, also after the server was restarted", async () => {
    await servers.restart();
    alice.retryImmediately();
    await vi.waitFor(() => alice.sendTextMessage(roomId, "!tea"), patience);
    await vi.waitFor(() => expect(answers()).toHaveLength(2), { timeout: 50_000, interval: 100 });
    await alice.sendTextMessage(roomId, "thanks");
    await vi.waitFor(() => expect(texts().at(-1)).toBe("thanks"), patience);
    expect(answers()).toHaveLength(2);
  });

  test("reads and writes state, members, files, aliases and account data", async () => {
    expect((await bot.getJoinedRooms()).includes(roomId)).toBe(true);
    expect((await bot.getJoinedRoomMembers(roomId)).toSorted()).toEqual(["@alice:localhost", "@teabot:localhost"]);
    expect(await bot.getRoomStateEvent(roomId, "m.room.name", "")).toEqual({ name: "Questions" });
    await expect(bot.sendStateEvent(roomId, "m.room.name", "", { name: "Answers" })).rejects.toMatchObject({
      body: { errcode: "M_FORBIDDEN" },
    });
    const uri = await bot.uploadContent(Buffer.from("leaves"), "text/plain", "leaves.txt");
    expect((await bot.downloadContent(uri)).data.toString()).toBe("leaves");
    await bot.setAccountData("org.example.brew", { minutes: 3 });
    expect(await bot.getAccountData("org.example.brew")).toEqual({ minutes: 3 });
    await bot.setDisplayName("Tea bot");
    expect(await bot.getUserProfile("@teabot:localhost")).toMatchObject({ displayname: "Tea bot" });
    const own = await bot.createRoom({ preset: "public_chat", room_alias_name: "leaves" });
    expect(await bot.resolveRoom("#leaves:localhost")).toBe(own);
    await alice.joinRoom("#leaves:localhost");
    await bot.kickUser("@alice:localhost", own, "closed for today");
    await vi.waitFor(() => expect(alice.getRoom(own)?.getMyMembership()).toBe("leave"), patience);
    await bot.redactEvent(own, await bot.sendNotice(own, "secret recipe"));
  });
});

const patience = { timeout: 15_000, interval: 50 };

const events = () => alice.getRoom(roomId)?.getLiveTimeline().getEvents() ?? [];

const answers = () =>
  events()
    .filter((event) => event.getSender() === "@teabot:localhost" && event.getType() === "m.room.message")
    .map((event) => event.getContent());

const texts = () => events().map((event) => event.getContent()["body"]);
