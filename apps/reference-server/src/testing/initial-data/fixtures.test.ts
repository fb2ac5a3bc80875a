import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { callsTo } from "../../fixtures/call.ts";
import { startReferenceServer } from "../../index.ts";

const given = {
  users: {
    alice: {
      password: "correct horse",
      displayName: "Alice",
      admin: true,
      devices: { PHONE: { displayName: "Phone" }, LAPTOP: { accessToken: "alice-on-her-laptop" } },
    },
    bob: {},
    carol: {},
    dave: {},
    erin: {},
    frank: {},
  },
  rooms: {
    lobby: {
      name: "The lobby",
      topic: "Come in",
      preset: "public_chat",
      version: "11",
      members: { bob: "join" },
      messages: [
        { text: "Welcome" },
        { from: "bob", text: "Hello" },
        { from: "bob", type: "m.sticker", content: { body: "s" } },
      ],
    },
    garden: {
      creator: "bob",
      encrypted: true,
      state: [
        { type: "m.room.join_rules", content: { join_rule: "knock" } },
        { type: "org.example.tree", stateKey: "oak", content: { tall: true } },
      ],
      members: { alice: "join", carol: "invite", dave: "ban", erin: "leave", frank: "knock" },
      messages: [{ from: "dave", text: "I was here" }],
    },
  },
} as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fixtures-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const start = (database = ":memory:") => startReferenceServer({ passwordHashing: "test", database, fixtures: given });

test("users are there with their passwords, names and devices, even where registration is closed", async () => {
  await using server = await startReferenceServer({
    passwordHashing: "test",
    registration: { enabled: false },
    fixtures: given,
  });
  const { alice, bob } = server.users;
  const call = callsTo(`${server.homeserver}/_matrix/client/v3`);
  expect(alice).toMatchObject({ userId: "@alice:localhost", password: "correct horse", deviceId: "PHONE" });
  expect(alice.devices["LAPTOP"]).toEqual({ deviceId: "LAPTOP", accessToken: "alice-on-her-laptop" });
  const whoami = await call("GET", "/account/whoami", { token: "alice-on-her-laptop" });
  expect(whoami.body).toMatchObject({ user_id: "@alice:localhost", device_id: "LAPTOP" });
  const devices = await call("GET", "/devices", { token: alice.accessToken });
  expect(devices.text).toContain('"display_name":"Phone"');
  expect((await call("GET", "/profile/@alice:localhost/displayname")).body["displayname"]).toBe("Alice");
  const body = { type: "m.login.password", identifier: { type: "m.id.user", user: "bob" }, password: bob.password };
  expect((await call("POST", "/login", { body })).status).toBe(200);
  const whois = (token: string) => call("GET", "/admin/whois/@carol:localhost", { token });
  expect((await whois(alice.accessToken)).status).toBe(200);
  expect((await whois(bob.accessToken)).status).toBe(403);
});

test("rooms are there as described: state, members in the end, messages of who has left", async () => {
  await using server = await start();
  const { alice, bob } = server.users;
  const { lobby, garden } = server.rooms;
  const call = callsTo(`${server.homeserver}/_matrix/client/v3`);
  const inRoom = async (roomId: string, path: string) =>
    (await call("GET", `/rooms/${encodeURIComponent(roomId)}${path}`, { token: alice.accessToken })).body;

  expect(lobby.alias).toBe("#lobby:localhost");
  const found = await call("GET", `/directory/room/${encodeURIComponent(lobby.alias)}`);
  expect(found.body["room_id"]).toBe(lobby.roomId);
  expect((await inRoom(lobby.roomId, "/state/m.room.create"))["room_version"]).toBe("11");
  expect((await inRoom(lobby.roomId, "/state/m.room.name"))["name"]).toBe("The lobby");
  expect((await call("GET", "/publicRooms")).text).toContain("Come in");
  const said = JSON.stringify(await inRoom(lobby.roomId, "/messages?dir=f&limit=100"));
  expect([...said.matchAll(/"body":"(\w+)"/g)].map(([, body]) => body)).toEqual(["Welcome", "Hello", "s"]);

  const state = (await inRoom(garden.roomId, "/members"))["chunk"] as { state_key: string; content: object }[];
  expect(Object.fromEntries(state.map(({ state_key, content }) => [state_key, content]))).toMatchObject({
    [bob.userId]: { membership: "join" },
    "@alice:localhost": { membership: "join" },
    "@carol:localhost": { membership: "invite" },
    "@dave:localhost": { membership: "ban" },
    "@erin:localhost": { membership: "leave" },
    "@frank:localhost": { membership: "knock" },
  });
  expect(await inRoom(garden.roomId, "/state/m.room.encryption")).toEqual({ algorithm: "m.megolm.v1.aes-sha2" });
  expect(await inRoom(garden.roomId, "/state/org.example.tree/oak")).toEqual({ tall: true });
});

test("a second start on the same database finds all of it, and changes nothing but tokens", async () => {
  const database = join(folder, "server.db");
  const first = await start(database);
  const call = callsTo(`${first.homeserver}/_matrix/client/v3`);
  const path = "/profile/@alice:localhost/displayname";
  await call("PUT", path, { token: first.users.alice.accessToken, body: { displayname: "Renamed" } });
  await first.close();

  await using second = await start(database);
  expect(second.rooms).toEqual(first.rooms);
  const again = callsTo(`${second.homeserver}/_matrix/client/v3`);
  const { accessToken: token } = second.users.alice;
  expect((await again("GET", "/account/whoami", { token: first.users.alice.accessToken })).status).toBe(401);
  expect((await again("GET", "/account/whoami", { token: "alice-on-her-laptop" })).status).toBe(200);
  expect((await again("GET", path)).body["displayname"]).toBe("Renamed");
  const { text } = await again("GET", "/devices", { token });
  expect(text.match(/"device_id"/g)).toHaveLength(2);
  const lobby = encodeURIComponent(second.rooms.lobby.roomId);
  expect((await again("GET", `/rooms/${lobby}/messages?dir=b`, { token })).text.match(/Welcome/g)).toHaveLength(1);
});

test("a file has the same, with its schema for editors", async () => {
  const file = join(folder, "fixtures.json");
  writeFileSync(file, JSON.stringify({ $schema: "fixtures.schema.json", ...given }));
  await using server = await startReferenceServer({ passwordHashing: "test", fixtures: file });
  expect(server.users["alice"]?.userId).toBe("@alice:localhost");
  expect(server.rooms["lobby"]?.alias).toBe("#lobby:localhost");
});

test.each([
  [{ users: { alice: { pasword: "x" } } }, "users.alice.pasword is no known field; expected one of password,"],
  [{ users: { "Alice A": {} } }, 'users has the name "Alice A"; expected one that matches ^[a-z0-9'],
  [
    { users: { alice: {} }, rooms: { r: { members: { bob: "jion" } } } },
    'rooms.r.members.bob is "jion"; expected one of "join"',
  ],
  [
    { users: { alice: {} }, rooms: { r: { members: { bob: "join" } } } },
    'a member of rooms.r is "bob"; expected a user of the fixtures: alice',
  ],
  [
    { users: { alice: {} }, rooms: { r: { messages: [{ from: "bob", text: "x" }] } } },
    'rooms.r.messages[0].from is "bob"',
  ],
  [{ users: { alice: {} }, rooms: { r: { messages: [{}] } } }, "rooms.r.messages[0]"],
  [{ rooms: { r: {} } }, "rooms.r has no creator"],
])("%j is refused with what was found and what is expected", async (fixtures, message) => {
  // wrong on purpose, as a file could be
  await expect(startReferenceServer({ fixtures: fixtures as object })).rejects.toThrow(`fixtures:\n  ${message}`);
});

test("what the server's own rules refuse is told with its answer", async () => {
  const fixtures = { users: { alice: {} }, rooms: { r: { version: "none" } } };
  await expect(startReferenceServer({ passwordHashing: "test", fixtures })).rejects.toThrow(
    /the fixtures cannot be made: POST \/createRoom was answered with 400: .*M_UNSUPPORTED_ROOM_VERSION/,
  );
});
