import { afterEach, beforeEach, expect, test } from "vitest";
import { callsTo } from "../../fixtures/call.ts";
import type { Call } from "../../fixtures/call.ts";
import { createManualClock, startReferenceServer } from "../../index.ts";
import type { ManualClock, ReferenceServer } from "../../index.ts";
import { faultMatcher } from "./match-fault.ts";

const day = 24 * 3_600_000;
let server: ReferenceServer<{ users: { alice: object } }, ManualClock>;
let call: Call;
let token: string;

beforeEach(async () => {
  const clock = createManualClock();
  server = await startReferenceServer({
    clock,
    seed: "faults",
    passwordHashing: "test",
    fixtures: { users: { alice: {} } },
  });
  call = callsTo(`${server.homeserver}/_matrix/client/v3`);
  token = server.users.alice.accessToken;
});
afterEach(() => server.close());

const whoami = () => call("GET", "/account/whoami", { token });

test("the request that is named meets it, so often, and no other one does; headers for browsers stay", async () => {
  server.faults.set([{ operation: "sync", status: 429, retryAfterMs: 1500, times: 2 }]);
  expect((await whoami()).status).toBe(200);
  for (let time = 0; time < 2; time += 1) {
    const { status, body, headers } = await call("GET", "/sync", { token });
    expect(status).toBe(429);
    expect(body).toMatchObject({ errcode: "M_LIMIT_EXCEEDED", retry_after_ms: 1500 });
    expect(headers.get("retry-after")).toBe("2");
    expect(headers.get("access-control-allow-origin")).toBe("*");
  }
  expect((await call("GET", "/sync", { token })).status).toBe(200);
});

test("a browser that asks before it sends is told what it may send", async () => {
  server.faults.set([{ path: "*", status: 502 }]);
  expect((await call("OPTIONS", "/sync")).status).toBe(204);
  expect((await call("GET", "/sync")).status).toBe(502);
});

test("a 502 is a proxy's page; errcodes, bodies and pages are those that are asked for", async () => {
  server.faults.set([
    { operation: "getTokenOwner", status: 502, times: 1 },
    { operation: "getTokenOwner", status: 503, errcode: "M_UNKNOWN", times: 1 },
    {
      operation: "getTokenOwner",
      status: 401,
      body: { errcode: "M_UNKNOWN_TOKEN", error: "", soft_logout: true },
      times: 1,
    },
    { operation: "getTokenOwner", status: 500, body: "<h1>no</h1>" },
  ]);
  const proxy = await whoami();
  expect([proxy.status, proxy.headers.get("content-type")]).toEqual([502, "text/html; charset=utf-8"]);
  expect(proxy.text).toContain("<h1>502 Bad Gateway</h1>");
  expect(await whoami()).toMatchObject({ status: 503, body: { errcode: "M_UNKNOWN" } });
  expect(await whoami()).toMatchObject({ status: 401, body: { soft_logout: true } });
  expect(await whoami()).toMatchObject({ status: 500, text: "<h1>no</h1>" });
});

test("a connection ends without an answer, and the server goes on", async () => {
  server.faults.set([{ path: "/_matrix/client/v3/account/*", dropConnection: true }]);
  await expect(whoami()).rejects.toThrow("fetch failed");
  server.faults.clear();
  expect((await whoami()).status).toBe(200);
});

test("an answer ends in its middle", async () => {
  server.faults.set([{ operation: "getTokenOwner", dropConnection: { afterBytes: 5 } }]);
  const response = await fetch(`${server.homeserver}/_matrix/client/v3/account/whoami`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(response.status).toBe(200);
  let received = "";
  const reading = (async () => {
    for await (const chunk of response.body ?? []) received += Buffer.from(chunk).toString();
  })();
  await expect(reading).rejects.toThrow("terminated");
  expect(received).toMatch(/^\{.{4}$/);
});

test("a request is done although its answer is lost, so that the repeated one must not do it again", async () => {
  const { room_id: roomId } = (await call("POST", "/createRoom", { token, body: {} })).body;
  const path = `/rooms/${encodeURIComponent(String(roomId))}/send/m.room.message/once`;
  const say = () => call("PUT", path, { token, body: { msgtype: "m.text", body: "hello" } });
  server.faults.set([{ operation: "sendMessage", afterWork: true, status: 504, times: 1 }]);
  expect((await say()).status).toBe(504);
  expect((await say()).status).toBe(200);
  const messages = await call("GET", `/rooms/${encodeURIComponent(String(roomId))}/messages?dir=b`, { token });
  expect(messages.text.match(/"hello"/g)).toHaveLength(1);
});

test("a latency lasts until the clock has passed it", async () => {
  server.faults.set([{ operation: "getTokenOwner", latencyMs: day }]);
  let isOver = false;
  const asked = whoami().finally(() => (isOver = true));
  await call("GET", "/devices", { token });
  expect(isOver).toBe(false);
  server.clock.advance(day);
  expect((await asked).status).toBe(200);
});

test("a probability is drawn from the seed", async () => {
  const statuses = async () => {
    const found: number[] = [];
    for (let time = 0; time < 40; time += 1) found.push((await whoami()).status);
    return found;
  };
  server.faults.set([{ operation: "get*", probability: 0.5, status: 500 }]);
  const first = await statuses();
  expect(new Set(first)).toEqual(new Set([200, 500]));
  await using second = await startReferenceServer({
    seed: "faults",
    passwordHashing: "test",
    fixtures: { users: { alice: {} } },
    faults: [{ operation: "get*", probability: 0.5, status: 500 }],
  });
  call = callsTo(`${second.homeserver}/_matrix/client/v3`);
  token = second.users.alice.accessToken;
  expect(await statuses()).toEqual(first);
});

test("the identity server has faults of its own", async () => {
  server.faults.set([{ server: "identity", operation: "getVersions", status: 500 }]);
  expect((await fetch(`${server.identity}/_matrix/identity/versions`)).status).toBe(500);
  expect((await fetch(`${server.homeserver}/_matrix/client/versions`)).status).toBe(200);
});

test("operations are found as requests are routed", () => {
  const isAt = (operation: string, method: string, path: string) =>
    faultMatcher({ operation })({ server: "homeserver", method, path: `/_matrix/client/v3${path}` });
  expect(isAt("getRoomStateWithKey", "GET", "/rooms/!a/state/m.room.name")).toBe(true);
  expect(isAt("getRoomStateWithKey", "GET", "/rooms/!a/state/m.room.name/")).toBe(true);
  expect(isAt("getRoomState", "GET", "/rooms/!a/state")).toBe(true);
  expect(isAt("getRoomState", "PUT", "/rooms/!a/state")).toBe(false);
  expect(isAt("getRoomState*", "GET", "/rooms/!a/state/x/y")).toBe(true);
  expect(isAt("sync", "GET", "/syncs")).toBe(false);
});

test("mistakes are told with what was found and what is expected, also while the server runs", async () => {
  expect(() => server.faults.set([{ operation: "snyc", status: 500 }])).toThrow(
    'faults[0].operation is "snyc"; expected an operation ID such as "sync", or a pattern such as "get*"',
  );
  expect(() => server.faults.set([{ operation: "sync" }])).toThrow("faults[0] does nothing; expected latencyMs,");
  const fault = { operation: "sync", errcode: "M_UNKNOWN", latencyMs: 1 };
  await expect(startReferenceServer({ faults: [fault] })).rejects.toThrow("faults[0].status is missing");
  // wrong on purpose, as a file could be
  const wrong = { faults: [{ operation: "sync", staus: 500 }] } as object;
  await expect(startReferenceServer(wrong)).rejects.toThrow("faults[0].staus is no known field; expected one of");
});
