import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callsTo } from "../../fixtures/call.ts";
import { startReferenceServer } from "../../index.ts";
import { isOnPostgres } from "../../storage/fixtures/databases.ts";

const fixtures = {
  users: { alice: {}, bob: {} },
  rooms: { lobby: { preset: "public_chat", members: { bob: "join" }, messages: [{ text: "before" }] } },
} as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "snapshots-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const locations: [string, () => string][] = [
  ["in memory", () => ":memory:"],
  ["in a file", () => join(folder, "server.db")],
];

// They are copies of SQLite's own pages.
describe.skipIf(isOnPostgres).each(locations)("a database %s", (_name, place) => {
  async function start() {
    const media = { path: join(folder, "media") };
    const server = await startReferenceServer({ passwordHashing: "test", database: place(), media, fixtures });
    const call = callsTo(`${server.homeserver}/_matrix/client/v3`);
    const { alice, bob } = server.users;
    const inLobby = `/rooms/${encodeURIComponent(server.rooms.lobby.roomId)}`;
    const say = (text: string) =>
      call("PUT", `${inLobby}/send/m.room.message/${text}`, {
        token: bob.accessToken,
        body: { msgtype: "m.text", body: text },
      });
    const told = async () => {
      const { text } = await call("GET", `${inLobby}/messages?dir=b&limit=100`, { token: alice.accessToken });
      return [...text.matchAll(/"body":"(\w+)"/g)].map(([, said]) => said).toReversed();
    };
    return { server, call, say, told, token: alice.accessToken, bob };
  }

  test("all is as it was: rooms, accounts, sessions; as often as wanted", async () => {
    const { server, call, say, told, token } = await start();
    await using _ = server;
    const snapshot = await server.snapshot();
    for (let time = 0; time < 3; time += 1) {
      await say(`after${time}`);
      expect(await told()).toEqual(["before", `after${time}`]);
      const body = { username: "carol", password: "correct horse", auth: { type: "m.login.dummy" } };
      expect((await call("POST", "/register", { body })).status).toBe(200);
      await call("POST", "/logout", { token });
      await server.restore(snapshot);
      expect(await told()).toEqual(["before"]);
      expect((await call("GET", "/account/whoami", { token })).status).toBe(200);
    }
  });

  test("who waits for news is answered; what is new afterwards reaches them and those who begin anew", async () => {
    const { server, call, say, token } = await start();
    await using _ = server;
    const snapshot = await server.snapshot();
    await say("lost");
    const { next_batch: since } = (await call("GET", "/sync", { token })).body;
    const follow = () => call("GET", "/sync", { token, query: { since: String(since), timeout: "600000" } });
    const waiting = [follow(), follow(), follow()];
    await call("GET", "/account/whoami", { token });
    await server.restore(snapshot);
    for (const { status, body } of await Promise.all(waiting))
      expect([status, body["next_batch"]]).toEqual([200, since]);

    const following = follow();
    await say("new");
    const { text } = await following;
    expect(text).toContain('"new"');
    expect(text).not.toContain('"lost"');
    const begun = await call("GET", "/sync", { token });
    expect(begun.text).toContain('"new"');
    expect(begun.text).not.toContain('"lost"');
  });

  test("requests in the middle of it are done before or after", async () => {
    const { server, say, told } = await start();
    await using _ = server;
    const snapshot = await server.snapshot();
    const saying = Array.from({ length: 30 }, (_unused, index) => say(`many${index}`));
    await Promise.all([...saying, server.restore(snapshot)]);
    for (const { status } of await Promise.all(saying)) expect(status).toBe(200);
    const after = await told();
    expect(after.length).toBeLessThanOrEqual(31);
    await server.restore(snapshot);
    expect(await told()).toEqual(["before"]);
  });

  test("uploaded files and the inbox come back", async () => {
    const { server, call, token } = await start();
    await using _ = server;
    const media = callsTo(`${server.homeserver}/_matrix`);
    const { content_uri: uri } = (
      await media("POST", "/media/v3/upload", { token, body: "a text", headers: { "content-type": "text/plain" } })
    ).body;
    const download = () => media("GET", `/client/v1/media/download/${String(uri).slice("mxc://".length)}`, { token });
    const inbox = async (method = "GET") => (await fetch(`${server.inbox}/api/messages`, { method })).text();
    const sms = { method: "POST", headers: { "content-type": "application/json" } };
    await fetch(`${server.inbox}/api/sms`, { ...sms, body: JSON.stringify({ to: "+491", text: "kept" }) });
    const snapshot = await server.snapshot();
    await inbox("DELETE");
    const files = join(folder, "media", "files");
    for (const name of readdirSync(files)) rmSync(join(files, name));
    expect((await download()).status).not.toBe(200);
    await server.restore(snapshot);
    expect((await download()).text).toBe("a text");
    expect(await inbox()).toContain("kept");
    expect((await call("GET", "/account/whoami", { token })).status).toBe(200);
  });

  test("a server that closes answers those who wait for news, too", async () => {
    const { server, call, token } = await start();
    const { next_batch: since } = (await call("GET", "/sync", { token })).body;
    const waiting = call("GET", "/sync", { token, query: { since: String(since), timeout: "600000" } });
    await call("GET", "/account/whoami", { token });
    await server.close();
    expect((await waiting).body["next_batch"]).toBe(since);
  });

  test("a snapshot of another server is refused", async () => {
    await using other = await startReferenceServer({ passwordHashing: "test" });
    const { server } = await start();
    await using _ = server;
    await expect(server.restore(await other.snapshot())).rejects.toThrow("no snapshot of this server");
  });
});

test.runIf(isOnPostgres)("PostgreSQL has none, which is said", async () => {
  await using server = await startReferenceServer();
  await expect(server.snapshot()).rejects.toThrow("PostgreSQL gives no snapshots; start with the database :memory:");
});
