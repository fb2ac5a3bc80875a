import { expect, test, vi } from "vitest";
import { callsTo } from "../fixtures/call.ts";
import { startLoopbackServer } from "../fixtures/loopback-server.ts";
import { createManualClock, startReferenceServer } from "../index.ts";
import { createLog } from "./log.ts";
import { repeatPeriodically } from "./periodically.ts";
import { startTimer } from "./timer.ts";

const hour = 3_600_000;
const day = 24 * hour;

async function startServer() {
  const clock = createManualClock();
  const server = await startReferenceServer({
    clock,
    passwordHashing: "test",
    outbound: { allowPrivateAddresses: true },
  });
  const call = callsTo(`${server.homeserver}/_matrix/client/v3`);
  const body = { username: "alice", password: "correct horse", auth: { type: "m.login.dummy" } };
  const { access_token: token } = (await call("POST", "/register", { body })).body;
  return { server, clock, call, token };
}

test("a timer ends when its time has passed by the clock, once", () => {
  const clock = createManualClock();
  const work = vi.fn();
  startTimer(clock, day, work);
  const stopped = vi.fn();
  startTimer(clock, day, stopped).stop();
  clock.advance(day - 1);
  expect(work).not.toHaveBeenCalled();
  clock.advance(1);
  clock.advance(day);
  expect(work).toHaveBeenCalledTimes(1);
  expect(stopped).not.toHaveBeenCalled();
});

test("what is done every hour is done as often as the clock has come by, also after a failure, until it is stopped", async () => {
  const clock = createManualClock();
  const work = vi.fn(async () => {
    throw new Error("once in a while");
  });
  const log = createLog({ level: "silent", format: "json" });
  const repeated = repeatPeriodically(clock, log, work);
  clock.advance(hour);
  clock.advance(day);
  await vi.waitFor(() => expect(work).toHaveBeenCalledTimes(2), 10_000);
  await repeated.stop();
  clock.advance(hour);
  expect(work).toHaveBeenCalledTimes(2);
});

test("a long poll is over when the clock has gone on by its time, ten minutes at most, and not before", async () => {
  const { server, clock, call, token } = await startServer();
  await using _ = server;
  const { next_batch: since } = (await call("GET", "/sync", { token })).body;
  let isOver = false;
  // After a while without a request she is shown as away, which is news of its own.
  const filter = JSON.stringify({ presence: { not_types: ["*"] } });
  const query = { since: String(since), timeout: String(day), filter, set_presence: "unavailable" };
  const polling = call("GET", "/sync", { token, query }).finally(() => (isOver = true));
  const presence = async () => (await call("GET", "/presence/@alice:localhost/status", { token })).body["presence"];
  await vi.waitFor(async () => expect(await presence()).toBe("unavailable"), 10_000); // the poll has begun
  clock.advance(hour / 6 - 1);
  await call("GET", "/account/whoami", { token });
  expect(isOver).toBe(false);
  clock.advance(1);
  expect((await polling).body["next_batch"]).toEqual(expect.any(String));
});

test("typing ends, and those who wait are told, when the clock has passed its time", async () => {
  const { server, clock, call, token } = await startServer();
  await using _ = server;
  const roomId = encodeURIComponent(String((await call("POST", "/createRoom", { token, body: {} })).body["room_id"]));
  await call("PUT", `/rooms/${roomId}/typing/@alice:localhost`, { token, body: { typing: true, timeout: hour / 12 } });
  const { next_batch: since } = (await call("GET", "/sync", { token })).body;
  const polling = call("GET", "/sync", { token, query: { since: String(since), timeout: String(hour / 6) } });
  await call("GET", "/account/whoami", { token });
  clock.advance(hour / 12);
  expect((await polling).text).toContain('{"type":"m.typing","content":{"user_ids":[]}}');
});

test("a push that failed is tried again when the clock says so", async () => {
  const { server, clock, call, token } = await startServer();
  await using _ = server;
  const requests: string[] = [];
  await using gateway = await startLoopbackServer((request, response) => {
    requests.push(request.url ?? "");
    response.writeHead(requests.length === 1 ? 500 : 200, { "content-type": "application/json" }).end("{}");
  });
  const bob = await call("POST", "/register", {
    body: { username: "bob", password: "correct horse", auth: { type: "m.login.dummy" } },
  });
  const data = { url: `${gateway.url}/_matrix/push/v1/notify` };
  const pusher = {
    kind: "http",
    app_id: "a",
    pushkey: "k",
    app_display_name: "A",
    device_display_name: "D",
    lang: "en",
    data,
  };
  expect((await call("POST", "/pushers/set", { token, body: pusher })).status).toBe(200);
  const room = { invite: ["@alice:localhost"] };
  await call("POST", "/createRoom", { token: bob.body.access_token, body: room });
  await vi.waitFor(() => expect(requests).toHaveLength(1), 10_000);
  // the failure is written down after the answer has come
  await vi.waitFor(() => {
    clock.advance(hour);
    expect(requests).toHaveLength(2);
  }, 10_000);
});
