import { afterAll, beforeAll, expect, test } from "vitest";
import { startHomeserver } from "../fixtures/homeserver.ts";
import type { Session, TestHomeserver } from "../fixtures/homeserver.ts";
import { callsOf, registerGhost, startService } from "./fixtures/application-service.ts";
import type { TestService } from "./fixtures/application-service.ts";

let service: TestService;
let home: TestHomeserver;
let alice: Session;
let ghost: string;
let call: ReturnType<typeof callsOf>;

beforeAll(async () => {
  service = await startService();
  home = await startHomeserver({ applicationServices: [service.registration] });
  alice = await home.register("alice");
  ghost = await registerGhost(service, home, "_irc_bob");
  call = callsOf(service, home);
});

afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
});

test("without a device, a service's user syncs with members loaded lazily, and sends to devices once for each request", async () => {
  const { body: room } = await call("POST", "/v3/createRoom", { userId: ghost, body: {} });
  const filter = JSON.stringify({ room: { state: { lazy_load_members: true } } });
  const { status, body } = await call("GET", "/v3/sync", { userId: ghost, query: { filter } });
  expect(status).toBe(200);
  expect(body["rooms"]).toMatchObject({ join: { [String(room["room_id"])]: {} } });

  const messages = { [alice.user_id]: { [alice.device_id]: { text: "hello" } } };
  for (let repeated = 0; repeated < 2; repeated += 1) {
    const path = "/v3/sendToDevice/org.example.note/1";
    expect((await call("PUT", path, { userId: ghost, body: { messages } })).status).toBe(200);
  }
  const { body: synced } = await home.call("GET", "/v3/sync", { token: alice.access_token });
  expect(synced["to_device"]).toEqual({
    events: [{ type: "org.example.note", sender: ghost, content: { text: "hello" } }],
  });
});
