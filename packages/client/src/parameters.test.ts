import { expect, test } from "vitest";
import { startServer } from "./fixtures/test-server.ts";
import type { WarehouseErrors, WarehousePaths } from "./fixtures/warehouse-api.ts";
import { InvalidParameter } from "./invalid-parameter.ts";
import { createTypedClient } from "./typed-client.ts";

const hard = [
  "!room:server",
  "@user:server",
  "#alias:server",
  "a/b",
  "/",
  "?a=b&c",
  "%2F",
  "%2e%2e",
  "%",
  "...",
  ".hidden",
  "a b+c",
  "\\",
  "ünïcödé 🎉",
  "'()*~$&,;=[]{}|^`\"<>",
  "\t\n\0",
  "{eventType}",
  "$&",
];

test("every value comes back whole", async () => {
  await using server = await startServer(() => ({ body: {} }));
  const client = createTypedClient<WarehousePaths, WarehouseErrors>({ baseUrl: server.url });
  for (const value of hard) {
    const result = await client.GET("/rooms/{roomId}/state/{eventType}/{stateKey}", {
      params: { path: { roomId: value, eventType: value, stateKey: value } },
    });
    expect(result.ok).toBe(true);
    const [, rooms, roomId, state, eventType, stateKey, ...more] = (server.received.at(-1)?.path ?? "").split("/");
    expect([rooms, state, more]).toEqual(["rooms", "state", []]);
    expect([roomId, eventType, stateKey].map((segment = "") => decodeURIComponent(segment))).toEqual([
      value,
      value,
      value,
    ]);
  }
});

test("an empty state key keeps its slash", async () => {
  await using server = await startServer(() => ({ body: {} }));
  const client = createTypedClient<WarehousePaths, WarehouseErrors>({ baseUrl: server.url });
  await client.GET("/rooms/{roomId}/state/{eventType}/{stateKey}", {
    params: { path: { roomId: "!r", eventType: "m.room.name", stateKey: "" } },
  });
  expect(server.received[0]?.path).toBe("/rooms/!r/state/m.room.name/");
});

test.for([
  [".", `"."`],
  ["..", `".."`],
  [undefined, "missing"],
  [null, "missing"],
  [7, "of type number"],
  [{}, "of type object"],
  ["a\ud800b", "a string with a lone surrogate"],
])("%o is refused before any request", async ([value, found]) => {
  await using server = await startServer(() => ({ body: {} }));
  const client = createTypedClient<WarehousePaths, WarehouseErrors>({ baseUrl: server.url });
  const result = await client.GET("/items/{itemId}", {
    params: { path: { itemId: value as string } }, // what the types forbid still comes from JavaScript
  });
  expect(result).toMatchObject({
    ok: false,
    kind: "invalid-parameter",
    status: 0,
    cause: { operation: "GET /items/{itemId}", in: "path", parameter: "itemId", found },
  });
  expect(result.ok === false && result.kind === "invalid-parameter" && result.cause).toBeInstanceOf(InvalidParameter);
  expect(server.received).toEqual([]);
});

test("path values that were left out altogether are missing", async () => {
  const client = createTypedClient<WarehousePaths, WarehouseErrors>({ baseUrl: "http://127.0.0.1:1" });
  // @ts-expect-error the path values are required
  const result = await client.GET("/items/{itemId}");
  expect(result).toMatchObject({ kind: "invalid-parameter", cause: { parameter: "itemId", found: "missing" } });
});

test("values do not come from a prototype", async () => {
  const client = createTypedClient<{ "/{toString}": WarehousePaths["/items/{itemId}"] }, WarehouseErrors>({
    baseUrl: "http://127.0.0.1:1",
  });
  const result = await client.GET("/{toString}", { params: { path: { itemId: "" } } });
  expect(result).toMatchObject({ kind: "invalid-parameter", cause: { found: "missing" } });
});

test("query values repeat, come as words, and come back whole", async () => {
  await using server = await startServer(() => ({ body: {} }));
  const client = createTypedClient<WarehousePaths, WarehouseErrors>({ baseUrl: server.url });
  await client.GET("/items/{itemId}", {
    params: { path: { itemId: "1" }, query: { tag: hard, sold: false, limit: 0 } },
  });
  const query = server.received[0]?.query;
  expect(query?.getAll("tag")).toEqual(hard);
  expect(query?.get("sold")).toBe("false");
  expect(query?.get("limit")).toBe("0");
});

test("a query value with a lone surrogate is refused", async () => {
  const client = createTypedClient<WarehousePaths, WarehouseErrors>({ baseUrl: "http://127.0.0.1:1" });
  const result = await client.GET("/items/{itemId}", {
    params: { path: { itemId: "1" }, query: { tag: ["a", "\udfff"] } },
  });
  expect(result).toMatchObject({ kind: "invalid-parameter", cause: { in: "query", parameter: "tag" } });
});
