import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, onTestFinished, test } from "vitest";
import type { Exchange } from "./exchange.ts";
import type { Fetch } from "./http.ts";
import { createHttp, Unreachable } from "./http.ts";
import { Blocked } from "./outcome.ts";

test("sends JSON and strings as they are, and reads whatever comes back", async () => {
  const sent: string[] = [];
  const { http } = recorded(async (request) => {
    sent.push(`${request.method} ${request.url} ${request.headers.get("content-type")} ${await request.text()}`);
    return new Response("<p>no JSON</p>", { status: 418 });
  });
  const answer = await http.post("/a", { b: 1 }, { query: { c: "d e" }, token: "t" });
  await http.post("/a", "{broken");
  expect(sent).toEqual([
    'POST http://server.test/a?c=d+e application/json {"b":1}',
    "POST http://server.test/a application/json {broken",
  ]);
  expect(answer).toMatchObject({ status: 418, json: undefined, text: "<p>no JSON</p>", requestBody: { b: 1 } });
  expect(answer.requestHeaders["authorization"]).toBe("Bearer t");
});

test("waits for a rate limit as long as it asks to, by its header first", async () => {
  const limits = [
    Response.json({ retry_after_ms: 9000 }, { status: 429, headers: { "retry-after": "2" } }),
    Response.json({ retry_after_ms: 1500 }, { status: 429 }),
    Response.json({}, { status: 429 }),
  ];
  const { http, waits, exchanges } = recorded(async () => limits.shift() ?? Response.json({ done: true }));
  expect((await http.get("/")).json).toEqual({ done: true });
  expect(waits).toEqual([2000, 1500, 1000]);
  expect(exchanges.map(({ status }) => status)).toEqual([429, 429, 429, 200]);
});

test("does not wait for minutes", async () => {
  const { http } = recorded(async () => Response.json({ retry_after_ms: 600_000 }, { status: 429 }));
  await expect(http.get("/")).rejects.toThrow(Blocked);
  await expect(http.get("/")).rejects.toThrow("600 s");
});

test("does not ask for ever", async () => {
  const { http, waits } = recorded(async () => Response.json({}, { status: 429 }));
  expect((await http.get("/")).status).toBe(429);
  expect(waits).toHaveLength(5);
});

test("names the request that nobody answered", async () => {
  const { http } = recorded(async () => {
    throw new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") });
  });
  await expect(http.get("/path?secret=1")).rejects.toThrow(
    new Unreachable("GET http://server.test/path: fetch failed (connect ECONNREFUSED)"),
  );
});

test("names the time that a server takes too long for", async () => {
  const endless = (request: Request) =>
    new Promise<Response>((_resolve, reject) => {
      request.signal.addEventListener("abort", () => reject(request.signal.reason));
    });
  const { http } = recorded(endless, 10);
  await expect(http.get("/path")).rejects.toThrow(
    new Unreachable("GET http://server.test/path: no whole answer within 0.01 s"),
  );
});

test.each(["no answer", "half an answer"])("the time runs out for %s while garbage is collected", async (kind) => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const server = createServer((_, answer) => void (kind !== "no answer" && answer.write("{")));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo; // it listens on a port
  const baseUrl = new URL(`http://127.0.0.1:${port}`);
  const http = createHttp("homeserver", baseUrl, {
    fetch,
    timeout: 300,
    sleep: async () => {},
    onExchange: () => {},
  });
  const collecting = setInterval(collect, 50);
  onTestFinished(() => {
    clearInterval(collecting);
    server.closeAllConnections();
    server.close();
  });
  await expect(http.get("/")).rejects.toThrow("no whole answer within 0.3 s");
});

test("reads no endless answer", async () => {
  let isCancelled = false;
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(2 ** 20)),
    cancel: () => void (isCancelled = true),
  });
  const { http } = recorded(async () => new Response(endless));
  await expect(http.get("/path")).rejects.toThrow(
    new Unreachable("GET http://server.test/path: the answer is longer than 8 MiB"),
  );
  expect(isCancelled).toBe(true);
});

test("takes no JSON that is nested without end", async () => {
  const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
  const { http } = recorded(async (request) => new Response(nested(request.url.endsWith("/deep") ? 1_000_000 : 50)));
  expect((await http.get("/")).json).toBeInstanceOf(Array);
  expect((await http.get("/deep")).json).toBeUndefined();
});

test("does not follow what is no URL", async () => {
  const { http } = recorded(async () => Response.json({}));
  await expect(http.get("http://[")).rejects.toThrow(
    new Blocked(null, 'the server had to give a URL, but gave "http://["'),
  );
});

function recorded(fetch: Fetch, timeout = 1000) {
  const waits: number[] = [];
  const exchanges: Exchange[] = [];
  const http = createHttp("homeserver", new URL("http://server.test"), {
    fetch,
    timeout,
    sleep: async (milliseconds) => void waits.push(milliseconds),
    onExchange: (exchange) => exchanges.push(exchange),
  });
  return { http, waits, exchanges };
}
