import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { operations } from "@matrix-openapi/definitions/client-server/operations";
import { expect, onTestFinished, test } from "vitest";
import { manualClock } from "./fixtures/manual-clock.ts";
import type { Answer } from "./fixtures/test-server.ts";
import { jsonOf, startServer } from "./fixtures/test-server.ts";
import type { WarehouseErrors, WarehousePaths } from "./fixtures/warehouse-api.ts";
import { createMatrixClient } from "./matrix-client.ts";
import { retry } from "./retry.ts";
import { tokenRefresh } from "./token-refresh.ts";
import { createTypedClient } from "./typed-client.ts";

const limited = (fields: object = {}, headers: Record<string, string> = {}): Answer => ({
  status: 429,
  headers,
  body: { errcode: "M_LIMIT_EXCEEDED", error: "Slow down.", ...fields },
});
const steady = () => 0;

test.for<[string, Answer, number]>([
  ["the header in seconds", limited({ retry_after_ms: 1 }, { "retry-after": "3" }), 3000],
  ["the header as a date", limited({}, { "retry-after": new Date(1_005_000).toUTCString() }), 5000],
  ["a date that has passed", limited({}, { "retry-after": new Date(0).toUTCString() }), 0],
  ["the field", limited({ retry_after_ms: 2500 }), 2500],
  ["the field beside a header that says nothing", limited({ retry_after_ms: 2500 }, { "retry-after": "soon" }), 2500],
  ["a back-off, when neither is there", limited(), 500],
  ["a back-off, when the field is no time", limited({ retry_after_ms: "now" }), 500],
  ["a back-off, when the body is no JSON", { status: 429, body: "slow down" }, 500],
])("a refused call is repeated after %s", async ([, refusal, wait]) => {
  const clock = manualClock();
  await using server = await startServer(() =>
    server.received.length === 1 ? refusal : { body: { user_id: "@a:b" } },
  );
  const client = createMatrixClient({ baseUrl: server.url, clock, behaviours: [retry({ random: steady })] });
  const body = { type: "m.login.token", token: "t" } as const;
  const result = await client.POST("/_matrix/client/v3/login", { body });
  expect(result).toMatchObject({ ok: true });
  expect(clock.sleeps).toEqual([wait]);
  expect(server.received.map(jsonOf)).toEqual([body, body]);
});

test("waits grow, end with the attempts, and are spread but never shortened", async () => {
  const clock = manualClock();
  await using server = await startServer(() => limited());
  const client = createMatrixClient({ baseUrl: server.url, clock, behaviours: [retry({ random: () => 0.5 })] });
  const result = await client.POST("/_matrix/client/v3/logout");
  expect(result).toMatchObject({ ok: false, status: 429, error: { errcode: "M_LIMIT_EXCEEDED" } });
  expect(clock.sleeps).toEqual([525, 1050, 2100]);
  expect(server.received.length).toBe(4);
});

test("a server that asks for too long a wait is not asked again", async () => {
  const clock = manualClock();
  await using server = await startServer(() => limited({ retry_after_ms: 30_001 }));
  const client = createMatrixClient({ baseUrl: server.url, clock, behaviours: [retry()] });
  const result = await client.GET("/_matrix/client/versions");
  expect(result).toMatchObject({ ok: false, status: 429, error: { retry_after_ms: 30_001 } });
  expect(clock.sleeps).toEqual([]);
});

test("without the behaviour, nothing is repeated", async () => {
  await using server = await startServer(() => limited());
  await createMatrixClient({ baseUrl: server.url }).GET("/_matrix/client/versions");
  expect(server.received.length).toBe(1);
});

test("other errors are not repeated", async () => {
  await using server = await startServer(() => ({ status: 500, body: { errcode: "M_UNKNOWN", error: "" } }));
  const client = createMatrixClient({ baseUrl: server.url, clock: manualClock(), behaviours: [retry()] });
  expect(await client.GET("/_matrix/client/versions")).toMatchObject({ status: 500 });
  expect(server.received.length).toBe(1);
});

test("what got no answer is repeated only where it cannot be done twice", async () => {
  await using server = await startServer((_, response) => void response.destroy());
  const options = { baseUrl: server.url, clock: manualClock(), behaviours: [retry({ attempts: 2 })] };
  const client = createTypedClient<WarehousePaths, WarehouseErrors>(options);
  const count = async (call: Promise<{ ok: boolean }>) => {
    server.received.length = 0;
    expect(await call).toMatchObject({ ok: false, kind: "network" });
    return server.received.length;
  };
  expect(await count(client.GET("/items/{itemId}", { params: { path: { itemId: "1" } } }))).toBe(2);
  const path = { roomId: "!r", txnId: "1" };
  expect(await count(client.PUT("/rooms/{roomId}/send/{txnId}", { params: { path }, body: { body: "hi" } }))).toBe(2);
  const upload = client.PUT("/media/{mediaId}", { params: { path: { mediaId: "m" } }, body: new Blob(["x"]) });
  expect(await count(upload)).toBe(1);
  expect(await count(createMatrixClient(options).POST("/_matrix/client/v3/logout"))).toBe(1);
});

test("the operations that have a transaction ID are those that are repeated for it", () => {
  for (const { method, path, txn } of Object.values(operations)) {
    expect({ txn, isRepeated: method === "PUT" && path.includes("{txnId}") }).toEqual({
      txn,
      isRepeated: txn === "txnId",
    });
  }
});

test("an answer after a network failure is the result", async () => {
  await using server = await startServer((_, response) =>
    server.received.length === 1 ? void response.destroy() : { body: { versions: [] } },
  );
  const client = createMatrixClient({ baseUrl: server.url, clock: manualClock(), behaviours: [retry()] });
  expect(await client.GET("/_matrix/client/versions")).toMatchObject({ ok: true });
});

test("an abort ends the waiting", async () => {
  const controller = new AbortController();
  await using server = await startServer(() => limited({ retry_after_ms: 20_000 }));
  // The machine's own clock: the wait would outlast the test.
  const client = createMatrixClient({
    baseUrl: server.url,
    behaviours: [retry()],
    fetch: async (request) => {
      const response = await fetch(request);
      setTimeout(() => controller.abort(new Error("enough")), 20);
      return response;
    },
  });
  const call = client.GET("/_matrix/client/versions", { signal: controller.signal });
  await expect(call).rejects.toThrow("enough");
  expect(server.received.length).toBe(1);
});

test.each([
  ["retry", "new", [retry()]],
  ["tokenRefresh", "old", [tokenRefresh()]],
  ["both", "old", [retry(), tokenRefresh()]],
])("a long poll can be aborted through %s after garbage was collected", async (_name, accessToken, behaviours) => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const server = createServer(({ url, headers }, answer) => {
    answer.setHeader("content-type", "application/json");
    if (url?.endsWith("/refresh")) answer.end('{"access_token":"new"}');
    else if (headers.authorization === "Bearer old") answer.writeHead(401).end('{"errcode":"M_UNKNOWN_TOKEN"}');
    // and the long poll waits
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo; // it listens on a port
  const collecting = setInterval(collect, 50);
  onTestFinished(() => {
    clearInterval(collecting);
    server.closeAllConnections();
    server.close();
  });
  const session = { userId: "@a:b", deviceId: "D", accessToken, refreshToken: "r" };
  const client = createMatrixClient({ baseUrl: `http://127.0.0.1:${port}`, session, behaviours });
  const stop = new AbortController();
  const polling = client.GET("/_matrix/client/v3/sync", { signal: stop.signal });
  setTimeout(() => stop.abort(new Error("enough")), 300);
  await expect(polling).rejects.toThrow("enough");
});
