import { afterAll, beforeAll, expect, test } from "vitest";
import { startHomeserver } from "../fixtures/homeserver.ts";
import type { Session, TestHomeserver } from "../fixtures/homeserver.ts";

let home: TestHomeserver;
let admin: Session;
let other: Session;
let alice: Session;

beforeAll(async () => {
  home = await startHomeserver({
    administrators: ["@root:localhost", "@wheel:localhost"],
    support: { contacts: [{ role: "m.role.admin", matrixId: "@root:localhost" }] },
    turn: { uris: ["turn:turn.example.org"], sharedSecret: "north" },
  });
  [admin, other, alice] = [await home.register("root"), await home.register("wheel"), await home.register("alice")];
});

afterAll(() => home[Symbol.asyncDispose]());

const lock = (who: Session, user: string, locked: boolean) =>
  home.call("PUT", `/v1/admin/lock/${encodeURIComponent(user)}`, { token: who.access_token, body: { locked } });
const suspend = (who: Session, user: string, suspended: boolean) =>
  home.call("PUT", `/v1/admin/suspend/${encodeURIComponent(user)}`, { token: who.access_token, body: { suspended } });
const whoami = (who: Session) => home.call("GET", "/v3/account/whoami", { token: who.access_token });

test("a locked user can log out and nothing else, and is told that their client may keep its keys", async () => {
  const bob = await home.register("bob");
  expect((await lock(admin, bob.user_id, true)).body).toEqual({ locked: true });
  const refused = await whoami(bob);
  expect([refused.status, refused.body]).toEqual([
    401,
    expect.objectContaining({ errcode: "M_USER_LOCKED", soft_logout: true }),
  ]);
  const asked = await home.call("GET", `/v1/admin/lock/${encodeURIComponent(bob.user_id)}`, {
    token: admin.access_token,
  });
  expect(asked.body).toEqual({ locked: true });
  await lock(admin, bob.user_id, false);
  expect((await whoami(bob)).status).toBe(200);
  await lock(admin, bob.user_id, true);
  expect((await home.call("POST", "/v3/logout", { token: bob.access_token })).status).toBe(200);
});

test("a suspended user can read, but not do what others would notice", async () => {
  const carol = await home.register("carol");
  expect((await suspend(admin, carol.user_id, true)).body).toEqual({ suspended: true });
  expect((await whoami(carol)).status).toBe(200);
  const created = await home.call("POST", "/v3/createRoom", { token: carol.access_token, body: {} });
  expect([created.status, created.body.errcode]).toEqual([403, "M_USER_SUSPENDED"]);
  await suspend(admin, carol.user_id, false);
  expect((await home.call("POST", "/v3/createRoom", { token: carol.access_token, body: {} })).status).toBe(200);
});

test.each([
  ["who is no administrator", () => lock(alice, "@nobody:localhost", true), 403, "M_FORBIDDEN"],
  ["another administrator", () => lock(admin, other.user_id, true), 403, "M_FORBIDDEN"],
  ["oneself", () => suspend(admin, admin.user_id, true), 403, "M_FORBIDDEN"],
  ["another server's user", () => lock(admin, "@alice:example.org", true), 400, "M_INVALID_PARAM"],
  ["a user who does not exist", () => suspend(admin, "@nobody:localhost", true), 404, "M_NOT_FOUND"],
])("refused: %s", async (_what, request, status, errcode) => {
  const { status: found, body } = await request();
  expect([found, body.errcode]).toEqual([status, errcode]);
});

test("from where a user connects, they and administrators see", async () => {
  const path = `/v3/admin/whois/${encodeURIComponent(alice.user_id)}`;
  await whoami(alice);
  const own = await home.call("GET", path, { token: alice.access_token });
  expect(own.body).toMatchObject({
    user_id: alice.user_id,
    devices: { [alice.device_id]: { sessions: [{ connections: [{ ip: expect.any(String) }] }] } },
  });
  expect((await home.call("GET", path, { token: admin.access_token })).body).toEqual(own.body);
  const bystander = await home.register("dave");
  expect((await home.call("GET", path, { token: bystander.access_token })).status).toBe(403);
});

test("reports reach the database, and only about what there is", async () => {
  const { body: room } = await home.call("POST", "/v3/createRoom", { token: alice.access_token, body: {} });
  const roomPath = `/v3/rooms/${encodeURIComponent(String(room["room_id"]))}`;
  const sent = await home.call("PUT", `${roomPath}/send/m.room.message/1`, {
    token: alice.access_token,
    body: { msgtype: "m.text", body: "Buy!" },
  });
  const eventPath = `${roomPath}/report/${encodeURIComponent(String(sent.body["event_id"]))}`;
  const reason = "Sells things";
  const report = (path: string, who: Session) => home.call("POST", path, { token: who.access_token, body: { reason } });
  expect((await report(eventPath, alice)).status).toBe(200);
  expect((await report(eventPath, admin)).status).toBe(404); // not in the room
  expect((await report(`${roomPath}/report`, admin)).status).toBe(200);
  expect((await report("/v3/rooms/!none:localhost/report", admin)).status).toBe(404);
  expect((await report(`/v3/users/${encodeURIComponent(alice.user_id)}/report`, admin)).status).toBe(200);
  expect((await report("/v3/users/@nobody:localhost/report", admin)).status).toBe(404);
  const kept = await home.db.selectFrom("hs_reports").select(["reporter", "reason"]).execute();
  expect(kept).toEqual([alice, admin, admin].map(({ user_id: reporter }) => ({ reporter, reason })));
});

test("the key of the policy server, where there is one", async () => {
  const asked = (at: TestHomeserver) => fetch(`${at.url}/.well-known/matrix/policy_server`);
  expect((await asked(home)).status).toBe(404);
  const policyServerKey = "6yhHGKhCiXTSEN2ksjV7kX/N6rBQZ3Xb+M7LlC6NS+s";
  await using policed = await startHomeserver({ wellKnown: { policyServerKey } });
  expect(await (await asked(policed)).json()).toEqual({ public_keys: { ed25519: policyServerKey } });
});

test("whom to turn to, and credentials for TURN that the shared secret explains", async () => {
  const support = await fetch(`${home.url}/.well-known/matrix/support`);
  expect(await support.json()).toEqual({ contacts: [{ role: "m.role.admin", matrix_id: "@root:localhost" }] });
  const turn = await home.call("GET", "/v3/voip/turnServer", { token: alice.access_token });
  expect(turn.body).toMatchObject({
    username: `${home.clock.now() / 1000 + 86_400}:@alice:localhost`,
    uris: ["turn:turn.example.org"],
    ttl: 86_400,
  });
});
