import { afterAll, beforeAll, describe, expect, test } from "vitest";
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
  const other = { ...service.registration, id: "other", as_token: "other-token", sender_localpart: "_other_bot" };
  const namespaces = { users: [{ exclusive: false, regex: "@_other_.*" }] };
  home = await startHomeserver({ applicationServices: [service.registration, { ...other, url: null, namespaces }] });
  alice = await home.register("alice");
  ghost = await registerGhost(service, home, "_irc_bob");
  call = callsOf(service, home);
});

afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
});

const forService = "m.login.application_service";

describe("acting as a user", () => {
  test("without a name it is the service's own user, who is there from the start, in header and query", async () => {
    expect((await call("GET", "/v3/account/whoami")).body).toEqual({ user_id: "@_irc_bot:localhost", is_guest: false });
    const query = { access_token: service.registration.as_token };
    const inQuery = await home.call("GET", "/v3/account/whoami", { query });
    expect(inQuery.body.user_id).toBe("@_irc_bot:localhost");
  });

  test("with a name it is that user, if there is one, and if they are in its namespace", async () => {
    expect((await call("GET", "/v3/account/whoami", { userId: ghost })).body.user_id).toBe(ghost);
    for (const userId of [
      alice.user_id,
      "@_irc_nobody:localhost",
      "@_irc_bob:elsewhere.org",
      "@_other_bot:localhost",
    ]) {
      expect(await call("GET", "/v3/account/whoami", { userId })).toMatchObject({
        status: 403,
        body: { errcode: "M_FORBIDDEN" },
      });
    }
  });

  test("people cannot act as others", async () => {
    const query = { user_id: ghost };
    const { body } = await home.call("GET", "/v3/account/whoami", { token: alice.access_token, query });
    expect(body.user_id).toBe(alice.user_id);
  });

  test("a device is created by naming it, and then acted as; an unknown one is refused", async () => {
    const path = "/v3/devices/BRIDGE";
    const whoami = () => call("GET", "/v3/account/whoami", { userId: ghost, query: { device_id: "BRIDGE" } });
    expect(await whoami()).toMatchObject({ status: 400, body: { errcode: "M_UNKNOWN_DEVICE" } });
    const body = { display_name: "The bridge" };
    expect((await call("PUT", path, { userId: ghost, body })).status).toBe(201);
    expect((await call("PUT", path, { userId: ghost, body: { display_name: "It" } })).status).toBe(200);
    expect((await whoami()).body.device_id).toBe("BRIDGE");
    expect((await call("GET", path, { userId: ghost })).body).toMatchObject({ display_name: "It" });
    expect((await home.call("PUT", path, { token: alice.access_token, body })).status).toBe(404);
    // Without the authentication that others need.
    expect((await call("DELETE", path, { userId: ghost, body: {} })).status).toBe(200);
    expect((await whoami()).status).toBe(400);
  });

  test("what is done for a device needs one", async () => {
    expect(await call("POST", "/v3/keys/upload", { userId: ghost, body: {} })).toMatchObject({
      status: 400,
      body: { errcode: "M_UNKNOWN_DEVICE" },
    });
  });
});

test("a user syncs without a device, and uploads signing keys without the authentication that others need", async () => {
  const synced = await call("GET", "/v3/sync", { userId: ghost });
  expect(synced).toMatchObject({ status: 200, body: { next_batch: expect.any(String) } });
  const since = String(synced.body["next_batch"]);
  expect((await call("GET", "/v3/sync", { userId: ghost, query: { since, timeout: "0" } })).status).toBe(200);

  const upload = (letter: string) => {
    const key = letter.repeat(43);
    const master_key = { user_id: ghost, usage: ["master"], keys: { [`ed25519:${key}`]: key } };
    return call("POST", "/v3/keys/device_signing/upload", { userId: ghost, body: { master_key } });
  };
  expect((await upload("A")).status).toBe(200);
  expect((await upload("Q")).status).toBe(200);
});

describe("registering and logging in", () => {
  const register = (username: string | undefined, fields: object = {}) =>
    call("POST", "/v3/register", { body: { type: forService, username, ...fields } });

  test("a user of the namespace gets a session, or none if not wanted", async () => {
    const { body } = await register("_irc_carol", { device_id: "CAROL" });
    expect(body).toMatchObject({ user_id: "@_irc_carol:localhost", device_id: "CAROL" });
    expect((await home.call("GET", "/v3/account/whoami", { token: body.access_token })).status).toBe(200);
    expect((await register("_irc_dave", { inhibit_login: true })).body).toEqual({ user_id: "@_irc_dave:localhost" });
    expect(await register("_irc_dave")).toMatchObject({ status: 400, body: { errcode: "M_USER_IN_USE" } });
  });

  test("names outside are not the service's, and names inside nobody else's", async () => {
    const exclusive = { status: 400, body: { errcode: "M_EXCLUSIVE" } };
    expect(await register("zoe")).toMatchObject(exclusive);
    expect(await home.call("POST", "/v3/register", { body: { username: "_irc_eve" } })).toMatchObject(exclusive);
    expect(await home.call("GET", "/v3/register/available?username=_irc_eve")).toMatchObject(exclusive);
    expect(await home.call("GET", "/v3/register/available?username=_other_bot")).toMatchObject(exclusive);
    expect((await home.call("GET", "/v3/register/available?username=_other_eve")).body).toEqual({ available: true });
  });

  test("it takes the service's token", async () => {
    const body = { type: forService, username: "_irc_frank" };
    const refusal = (errcode: string) => ({ status: 401, body: { errcode } });
    expect(await home.call("POST", "/v3/register", { body })).toMatchObject(refusal("M_MISSING_TOKEN"));
    const token = alice.access_token;
    expect(await home.call("POST", "/v3/register", { body, token })).toMatchObject(refusal("M_UNKNOWN_TOKEN"));
    const login = { type: forService, identifier: { type: "m.id.user", user: ghost } };
    expect(await home.call("POST", "/v3/login", { body: login })).toMatchObject(refusal("M_MISSING_TOKEN"));
  });

  test("it logs its users in, and nobody else", async () => {
    const login = (user: string) =>
      call("POST", "/v3/login", { body: { type: forService, identifier: { type: "m.id.user", user } } });
    expect((await login("_irc_bob")).body).toMatchObject({ user_id: ghost, access_token: expect.any(String) });
    expect(await login("alice")).toMatchObject({ status: 403, body: { errcode: "M_EXCLUSIVE" } });
    expect((await login("_irc_nobody")).status).toBe(403);
    const { flows } = (await home.call("GET", "/v3/login")).body;
    expect(flows).toContainEqual({ type: forService });
  });
});

describe("rooms", () => {
  const createRoom = async (userId: string) =>
    String((await call("POST", "/v3/createRoom", { userId, body: { preset: "public_chat" } })).body["room_id"]);

  test("aliases of a namespace are its service's alone, who sees to them all", async () => {
    const roomId = await createRoom(ghost);
    const body = { room_id: roomId };
    const token = alice.access_token;
    await home.call("POST", `/v3/join/${roomId}`, { body: {}, token });
    const alias = (name: string) => `/v3/directory/room/${encodeURIComponent(`#${name}:localhost`)}`;
    const exclusive = { status: 403, body: { errcode: "M_EXCLUSIVE" } };
    const named = await home.call("POST", "/v3/createRoom", { body: { room_alias_name: "_irc_x" }, token });
    expect(named).toMatchObject({ status: 400, body: { errcode: "M_EXCLUSIVE" } });
    expect(await home.call("PUT", alias("_irc_garden"), { body, token })).toMatchObject(exclusive);
    expect(await call("PUT", alias("garden"), { userId: ghost, body })).toMatchObject(exclusive);
    expect((await call("PUT", alias("_irc_garden"), { userId: ghost, body })).status).toBe(200);
    expect((await home.call("PUT", alias("garden"), { body, token })).status).toBe(200);
    expect((await call("DELETE", alias("garden"))).status).toBe(403);
    expect((await call("DELETE", alias("_irc_garden"))).status).toBe(200);
  });

  test("the time of events is what a service says, and not what others say", async () => {
    const roomId = await createRoom(ghost);
    await home.call("POST", `/v3/join/${roomId}`, { body: {}, token: alice.access_token });
    const [query, body] = [{ ts: "1234567890123" }, { body: "hello", msgtype: "m.text" }];
    const sent = [
      await call("PUT", `/v3/rooms/${roomId}/send/m.room.message/1`, { userId: ghost, query, body }),
      await call("PUT", `/v3/rooms/${roomId}/state/m.room.topic/`, { userId: ghost, query, body: { topic: "x" } }),
      await home.call("PUT", `/v3/rooms/${roomId}/send/m.room.message/1`, { token: alice.access_token, query, body }),
    ];
    const times = [];
    for (const { body: answer } of sent) {
      const eventId = encodeURIComponent(String(answer["event_id"]));
      times.push(
        (await call("GET", `/v3/rooms/${roomId}/event/${eventId}`, { userId: ghost })).body["origin_server_ts"],
      );
    }
    expect(times).toEqual([1234567890123, 1234567890123, home.clock.now()]);
  });

  test("a repeated transaction is known again by the user who sends it", async () => {
    const roomId = await createRoom(ghost);
    const path = `/v3/rooms/${roomId}/send/m.room.message/same`;
    const send = () => call("PUT", path, { userId: ghost, body: { body: "once" } });
    expect((await send()).body["event_id"]).toBe((await send()).body["event_id"]);
  });

  test("a room is listed in a network, and only there", async () => {
    const roomId = await createRoom(ghost);
    const path = `/v3/directory/list/appservice/libera/${encodeURIComponent(roomId)}`;
    const list = async (body: object) =>
      JSON.stringify((await home.call("POST", "/v3/publicRooms", { body, token: alice.access_token })).body["chunk"]);
    expect((await home.call("PUT", path, { body: { visibility: "public" }, token: alice.access_token })).status).toBe(
      403,
    );
    expect((await call("PUT", path, { body: { visibility: "public" } })).status).toBe(200);
    expect(await list({ third_party_instance_id: "irc|libera" })).toContain(roomId);
    expect(await list({ third_party_instance_id: "irc|oftc" })).not.toContain(roomId);
    expect(await list({})).not.toContain(roomId);
    expect(await list({ include_all_networks: true })).toContain(roomId);
    await call("PUT", path, { body: { visibility: "private" } });
    expect(await list({ third_party_instance_id: "irc|libera" })).not.toContain(roomId);
  });
});
