import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { callsTo } from "../../../fixtures/call.ts";
import { startReferenceServer } from "../../../index.ts";
import { createSharedDatabase } from "../../../storage/fixtures/databases.ts";

test("what is known of a room's state is forgotten when another process has changed it", async () => {
  await using shared = await createSharedDatabase();
  const folder = mkdtempSync(join(tmpdir(), "auth-state-"));
  const options = { passwordHashing: "test", database: shared.location, media: { path: folder } } as const;
  const [first, second] = [await startReferenceServer(options), await startReferenceServer(options)];
  const [here, there] = [first, second].map((server) => callsTo(`${server.homeserver}/_matrix/client`));
  if (here === undefined || there === undefined) throw new Error("there are two");

  const auth = { type: "m.login.dummy" };
  const register = async (username: string) =>
    (await here("POST", "/v3/register", { body: { username, password: "correct horse battery staple", auth } })).body;
  const [alice, bob] = [await register("alice"), await register("bob")];
  const created = await here("POST", "/v3/createRoom", {
    token: String(alice["access_token"]),
    body: { preset: "public_chat" },
  });
  const room = `/v3/rooms/${encodeURIComponent(String(created.body["room_id"]))}`;
  const send = (call: typeof here, who: typeof alice, what: string, body: object, method = "PUT") =>
    call(method, `${room}${what}`, { token: String(who["access_token"]), body });
  const levels = (events_default: number) => send(there, alice, "/state/m.room.power_levels", { events_default });

  await here("POST", `${room}/join`, { token: String(bob["access_token"]), body: {} });
  expect((await send(here, bob, "/send/org.example/1", {})).status).toBe(200);
  expect((await levels(50)).status).toBe(200);
  expect((await send(here, bob, "/send/org.example/2", {})).status).toBe(403);
  expect((await levels(0)).status).toBe(200);
  expect((await send(here, bob, "/send/org.example/3", {})).status).toBe(200);
  expect((await send(there, alice, "/kick", { user_id: bob["user_id"] }, "POST")).status).toBe(200);
  expect((await send(here, bob, "/send/org.example/4", {})).status).toBe(403);
  await first.close();
  await second.close();
  rmSync(folder, { recursive: true });
});
