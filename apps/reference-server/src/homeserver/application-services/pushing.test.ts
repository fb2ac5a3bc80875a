import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { callsTo } from "../../fixtures/call.ts";
import { createSharedDatabase } from "../../storage/fixtures/databases.ts";
import { createManualClock, startReferenceServer } from "../../index.ts";
import { startHomeserver } from "../fixtures/homeserver.ts";
import type { Session, TestHomeserver } from "../fixtures/homeserver.ts";
import { callsOf, registerGhost, startService } from "./fixtures/application-service.ts";
import type { TestService } from "./fixtures/application-service.ts";

let service: TestService;
let home: TestHomeserver;
let alice: Session;
let ghost: string;

beforeEach(async () => {
  service = await startService({ receive_ephemeral: true });
  home = await startHomeserver({ applicationServices: [service.registration] });
  alice = await home.register("alice");
  ghost = await registerGhost(service, home, "_irc_bob");
});

afterEach(async () => {
  await home[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
});

async function createRoom(fields: object = {}): Promise<string> {
  const body = { preset: "public_chat", ...fields };
  return String((await home.call("POST", "/v3/createRoom", { body, token: alice.access_token })).body["room_id"]);
}

async function say(roomId: string, body: string): Promise<string> {
  const path = `/v3/rooms/${roomId}/send/m.room.message/${body}`;
  const answer = await home.call("PUT", path, { body: { msgtype: "m.text", body }, token: alice.access_token });
  return String(answer.body["event_id"]);
}

const join = (roomId: string, userId = ghost) =>
  callsOf(service, home)("POST", `/v3/rooms/${roomId}/join`, { userId, body: {} });
const leave = (roomId: string) =>
  callsOf(service, home)("POST", `/v3/rooms/${roomId}/leave`, { userId: ghost, body: {} });
const heard = () => service.events().flatMap(({ content }) => (content.body === undefined ? [] : [content.body]));
const hears = (text: string) => service.until(() => heard().includes(text));
const transactions = () => service.requests.filter(({ path }) => path.includes("/transactions/"));

test("it hears of what happens where its users are, for as long as they are there, and of nothing else", async () => {
  const [room, other] = [await createRoom(), await createRoom()];
  await say(room, "before");
  await join(room);
  await say(room, "during");
  await say(other, "elsewhere");
  await leave(room);
  await say(room, "after");
  await join(other);
  await say(other, "end");
  await hears("end");
  expect(heard()).toEqual(["during", "end"]);
  const memberships = service.events().filter(({ type, state_key: key }) => type === "m.room.member" && key === ghost);
  expect(memberships.map(({ content }) => content.membership)).toEqual(["join", "leave", "join"]);
});

test("invitations of its users, rooms with its aliases, and those that it names itself are its business, too", async () => {
  const invited = await createRoom({ invite: [ghost] });
  await service.until(() => service.events().some(({ room_id: room }) => room === invited));
  const [invitation, ...others] = service.events();
  expect(invitation).toMatchObject({ type: "m.room.member", state_key: ghost, content: { membership: "invite" } });
  expect(others).toEqual([]);

  const portal = await createRoom();
  const alias = encodeURIComponent("#_irc_garden:localhost");
  await join(portal);
  await callsOf(service, home)("PUT", `/v3/directory/room/${alias}`, { userId: ghost, body: { room_id: portal } });
  await leave(portal);
  await say(portal, "portal");
  await hears("portal");
});

test("events are in the form of the client-server API, with the token, and in their order", async () => {
  const room = await createRoom();
  await join(room);
  const sent = [];
  for (let i = 0; i < 150; i++) sent.push(await say(room, `message-${i}`));
  await hears("message-149");
  const messages = service.events().filter(({ type }) => type === "m.room.message");
  expect(messages.map((event) => event.event_id)).toEqual(sent);
  expect(messages[0]).toEqual({
    event_id: sent[0],
    room_id: room,
    type: "m.room.message",
    sender: alice.user_id,
    origin_server_ts: home.clock.now(),
    content: { msgtype: "m.text", body: "message-0" },
    unsigned: { age: expect.any(Number) },
  });
  for (const { method, authorization } of transactions()) {
    expect([method, authorization]).toEqual(["PUT", "Bearer hs-token-of-irc"]);
  }
});

test("what it does not take comes again as it was, later and later, and nothing is lost or overtakes it", async () => {
  const room = await createRoom();
  await join(room);
  await say(room, "heard");
  await hears("heard");
  service.answer = () => ({ status: 500 });
  const before = transactions().length;
  await say(room, "first");
  await service.until(() => transactions().length === before + 2);
  const [failed, older] = transactions().slice(before);
  expect(older?.path).toMatch(/^\/transactions\/.+access_token=hs-token-of-irc$/);
  await say(room, "second");
  service.answer = () => ({ status: 200 });
  home.clock.advance(1000);
  await hears("second");
  expect(heard()).toEqual(["heard", "first", "second"]);
  const again = transactions().filter(({ path }) => path === failed?.path);
  expect(again).toHaveLength(2);
  expect(again[1]?.body).toEqual(failed?.body);
});

test("who reads, types and is there is told to a service that wants to know", async () => {
  const room = await createRoom();
  await join(room);
  const eventId = await say(room, "news");
  const token = alice.access_token;
  await home.call("POST", `/v3/rooms/${room}/receipt/m.read/${encodeURIComponent(eventId)}`, { body: {}, token });
  await home.call("PUT", `/v3/rooms/${room}/typing/${alice.user_id}`, { body: { typing: true }, token });
  await home.call("PUT", `/v3/presence/${alice.user_id}/status`, { body: { presence: "online" }, token });
  const types = () => new Set(service.ephemeral().map(({ type }) => type));
  await service.until(() => types().size === 3);
  expect(service.ephemeral()).toContainEqual({
    type: "m.receipt",
    room_id: room,
    content: { [eventId]: { "m.read": { [alice.user_id]: { ts: home.clock.now() } } } },
  });
  expect(service.ephemeral()).toContainEqual({
    type: "m.typing",
    room_id: room,
    content: { user_ids: [alice.user_id] },
  });
});

test("private receipts, and what happens in other rooms, are not told", async () => {
  const [room, other] = [await createRoom(), await createRoom()];
  await join(room);
  const [here, there] = [await say(room, "here"), await say(other, "there")];
  const token = alice.access_token;
  const read = (roomId: string, type: string, eventId: string) =>
    home.call("POST", `/v3/rooms/${roomId}/receipt/${type}/${encodeURIComponent(eventId)}`, { body: {}, token });
  await read(room, "m.read.private", here);
  await read(other, "m.read", there);
  await say(room, "end");
  await hears("end");
  expect(service.ephemeral().filter(({ type }) => type === "m.receipt")).toEqual([]);
});

test("a ping says how the service is", async () => {
  const call = callsOf(service, home);
  const ping = (id = "irc") => call("POST", `/v1/appservice/${id}/ping`, { body: { transaction_id: "meow" } });
  expect(await ping()).toMatchObject({ status: 200, body: { duration_ms: expect.any(Number) } });
  expect(service.requests.at(-1)).toMatchObject({ path: "/_matrix/app/v1/ping", body: { transaction_id: "meow" } });
  expect(await ping("other")).toMatchObject({ status: 403, body: { errcode: "M_FORBIDDEN" } });
  service.answer = () => ({ status: 403, body: { errcode: "M_FORBIDDEN" } });
  expect(await ping()).toMatchObject({
    status: 502,
    body: { errcode: "M_BAD_STATUS", status: 403, body: '{"errcode":"M_FORBIDDEN"}' },
  });
  await service[Symbol.asyncDispose]();
  expect(await ping()).toMatchObject({ status: 502, body: { errcode: "M_CONNECTION_FAILED" } });
});

test("a ping without an answer ends, and one without a URL does not begin", async () => {
  const silent = { ...service.registration, url: null, id: "silent", as_token: "silent", sender_localpart: "silent" };
  const applicationServices = [service.registration, silent];
  await using impatient = await startHomeserver({ applicationServices, outbound: { timeoutMs: 100 } });
  const { promise, resolve } = Promise.withResolvers<{ status: number }>();
  service.answer = () => promise;
  const ping = (id: string, token: string) => impatient.call("POST", `/v1/appservice/${id}/ping`, { body: {}, token });
  expect(await ping("irc", service.registration.as_token)).toMatchObject({
    status: 504,
    body: { errcode: "M_CONNECTION_TIMEOUT" },
  });
  expect(await ping("silent", "silent")).toMatchObject({ status: 400, body: { errcode: "M_URL_NOT_SET" } });
  resolve({ status: 200 });
});

test("users and aliases that are asked for are its to create", async () => {
  const call = callsOf(service, home);
  const token = alice.access_token;
  const bridged = await createRoom();
  service.answer = async ({ path }) => {
    if (path === "/_matrix/app/v1/users/%40_irc_late%3Alocalhost") {
      await registerGhost(service, home, "_irc_late");
      await home.call("GET", "/v3/profile/@_irc_late:localhost"); // it is there, so that nobody is waited for
    } else if (path === "/_matrix/app/v1/rooms/%23_irc_late%3Alocalhost") {
      await join(bridged);
      const body = { room_id: bridged };
      await call("PUT", `/v3/directory/room/${encodeURIComponent("#_irc_late:localhost")}`, { userId: ghost, body });
    } else return { status: path.includes("/transactions/") ? 200 : 404 };
    return { status: 200 };
  };
  const room = await createRoom({ preset: "private_chat" });
  const invite = (user_id: string) => home.call("POST", `/v3/rooms/${room}/invite`, { body: { user_id }, token });
  expect((await invite("@_irc_late:localhost")).status).toBe(200);
  expect((await join(room, "@_irc_late:localhost")).status).toBe(200);
  const alias = (name: string) => home.call("GET", `/v3/directory/room/${encodeURIComponent(`#${name}:localhost`)}`);
  expect((await alias("_irc_late")).body["room_id"]).toBe(bridged);
  expect((await alias("_irc_never")).status).toBe(404);
  const asked = service.requests.length;
  await alias("garden");
  await home.call("GET", "/v3/profile/@alice:localhost", { token });
  expect(service.requests.slice(asked).filter(({ method }) => method === "GET")).toEqual([]);
}, 8000);

test("what it knows nothing of it is asked once, and again after a while", async () => {
  service.answer = ({ path }) => ({ status: path.includes("/transactions/") ? 200 : 404 });
  const answers: number[] = [];
  const ask = async () => {
    const alias = encodeURIComponent("#_irc_never:localhost");
    const paths = [`/v3/directory/room/${alias}`, "/v3/profile/@_irc_never:localhost"];
    for (const { status } of await Promise.all([...paths, ...paths].map((path) => home.call("GET", path)))) {
      answers.push(status);
    }
    return service.requests.filter(({ path }) => path.startsWith("/_matrix/app/v1/") && path.includes("never")).length;
  };
  expect([await ask(), await ask()]).toEqual([2, 2]);
  home.clock.advance(60_000);
  expect(await ask()).toBe(4);
  expect(new Set(answers)).toEqual(new Set([404]));
});

test("of two processes one pushes, and another goes on where it has ended, with nothing lost or doubled", async () => {
  await using shared = await createSharedDatabase();
  const folder = mkdtempSync(joinPath(tmpdir(), "services-"));
  const clock = createManualClock(Date.UTC(2026, 0, 1));
  const options = {
    passwordHashing: "test",
    database: shared.location,
    clock,
    media: { path: folder },
    applicationServices: [service.registration],
  } as const;
  const first = await startReferenceServer(options);
  const second = await startReferenceServer(options);
  const calls = (url: string) => callsTo(`${url}/_matrix/client`);
  const token = service.registration.as_token;
  const room = (await calls(first.homeserver)("POST", "/v3/createRoom", { body: {}, token })).body["room_id"];
  const send = (url: string, body: string) =>
    calls(url)("PUT", `/v3/rooms/${String(room)}/send/m.room.message/${body}`, { body: { body }, token });

  const texts = Array.from({ length: 40 }, (_, i) => `shared-${i}`);
  await Promise.all(texts.map((body, i) => send(i % 2 === 0 ? first.homeserver : second.homeserver, body)));
  await service.until(() => texts.every((body) => heard().includes(body)));
  await first.close();
  await send(second.homeserver, "one-left");
  await hears("one-left");
  await second.close();

  service.answer = () => ({ status: 503 });
  const before = service.requests.length;
  const third = await startReferenceServer(options);
  await send(third.homeserver, "down");
  await service.until(() => service.requests.length > before);
  await third.close();
  service.answer = () => ({ status: 200 });
  clock.advance(1000);
  await using _fourth = await startReferenceServer(options);
  await hears("down");
  expect(heard().toSorted()).toEqual([...texts, "one-left", "down"].toSorted());
  rmSync(folder, { recursive: true });
});
