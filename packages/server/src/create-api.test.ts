import { describe, expect, test } from "vitest";
import { createApi } from "./create-api.ts";
import { tinyDescription } from "./fixtures/tiny-api.ts";
import { echo, post, serve } from "./fixtures/tiny-server.ts";
import type { Seen } from "./fixtures/tiny-server.ts";
import { MatrixError } from "./matrix-error.ts";
import { binary, error, html, ok, redirect, respond } from "./results.ts";

describe("every answer", () => {
  test("carries the CORS headers, errors and redirects too", async () => {
    const ask = serve({
      getRoom: echo,
      page: () => html(200, "<p>Hello</p>"),
      leave: () => redirect(302, "https://example.org/"),
      search: () => {
        throw new Error("broken");
      },
    });
    const answers = [
      await ask("/rooms/a"),
      await ask("/page"),
      await ask("/leave"),
      await ask("/nowhere"),
      await ask("/page", { method: "PUT" }),
      await ask("/rooms/%"),
      await ask("/search"),
      await ask("/search?limit=1"),
      await ask("/rooms/a", { method: "OPTIONS" }),
      await ask("*", { method: "OPTIONS" }),
      await ask("/rooms/a", { method: "HEAD" }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 302, 404, 405, 400, 400, 500, 204, 204, 200]);
    for (const { headers } of answers) {
      expect(headers.get("access-control-allow-origin")).toBe("*");
      expect(headers.get("access-control-allow-methods")).toBe("GET, POST, PUT, DELETE, OPTIONS");
      expect(headers.get("access-control-allow-headers")).toBe("X-Requested-With, Content-Type, Authorization");
    }
  });

  test("is what the handler gave", async () => {
    const ask = serve({
      getRoom: () => respond(200, { name: "x" }, { "X-Own": "1" }),
      page: () => html(200, "<p>Hello</p>", { "Content-Security-Policy": "default-src 'none'" }),
      leave: () => redirect(302, "https://example.org/?a=b"),
      search: () => binary(200, "image/png", new Uint8Array([1, 2])),
    });
    const room = await ask("/rooms/a");
    expect([room.headers.get("content-type"), room.headers.get("x-own"), await room.json()]).toEqual([
      "application/json",
      "1",
      { name: "x" },
    ]);
    const page = await ask("/page");
    expect([page.headers.get("content-type"), await page.text()]).toEqual(["text/html; charset=utf-8", "<p>Hello</p>"]);
    expect(page.headers.get("content-security-policy")).toBe("default-src 'none'");
    expect((await ask("/leave")).headers.get("location")).toBe("https://example.org/?a=b");
    expect(new Uint8Array(await (await ask("/search?limit=1")).arrayBuffer())).toEqual(new Uint8Array([1, 2]));
  });

  test("to HEAD is the one to GET without its body", async () => {
    const answer = await serve({ getRoom: () => ok({ name: "ü" }) })("/rooms/a", { method: "HEAD" });
    expect([answer.status, answer.headers.get("content-length"), await answer.text()]).toEqual([200, "13", ""]);
  });

  test("of 429 says in its header when to come back", async () => {
    const ask = serve({ getRoom: () => error(429, "M_LIMIT_EXCEEDED", "Wait.", { retry_after_ms: 1200 }) });
    expect((await ask("/rooms/a")).headers.get("retry-after")).toBe("2");
  });
});

describe("what cannot be served", () => {
  test.each([
    ["/nowhere", "GET", 404, "M_UNRECOGNIZED"],
    ["/rooms/a/b/c", "GET", 404, "M_UNRECOGNIZED"],
    ["/rooms/a", "DELETE", 405, "M_UNRECOGNIZED"],
    ["/leave", "GET", 404, "M_UNRECOGNIZED"],
    ["/rooms/%E0", "GET", 400, "M_INVALID_PARAM"],
  ])("%s by %s", async (target, method, status, errcode) => {
    const answer = await serve({ getRoom: echo })(target, { method });
    expect([answer.status, await answer.json()]).toEqual([status, { errcode, error: expect.any(String) }]);
  });

  test("a wrong method names the right ones", async () => {
    const answer = await serve({})("/rooms/a", { method: "DELETE" });
    expect(answer.headers.get("allow")).toBe("GET, PUT, HEAD, OPTIONS");
  });
});

describe("handlers", () => {
  test("see decoded path values, and an empty last one", async () => {
    const answer = await serve({ getState: echo })("/rooms/!a%2F%F0%9F%90%88/state/../?x=1");
    expect((await answer.json()).path).toEqual({ roomId: "!a/🐈", eventType: "..", stateKey: "" });
  });

  test("get the path that a Request has kept when there is no raw one", async () => {
    const api = createApi(tinyDescription, { getState: echo }, {});
    const answer = await api.fetch(new Request("http://h/rooms/a%2Fb/state/m.x/"));
    expect((await answer.json()).path).toEqual({ roomId: "a/b", eventType: "m.x", stateKey: "" });
  });

  test("see only the declared query parameters, repeated ones as an array", async () => {
    const answer = await serve({ search: echo })("/search?limit=5&server=a&server=b&other=%FF&__proto__=x");
    expect((await answer.json()).query).toEqual({ limit: "5", server: ["a", "b"] });
  });

  test.each([
    ["/search?server=a", "M_MISSING_PARAM"],
    ["/search?limit=1&limit=2", "M_INVALID_PARAM"],
    ["/search?limit=%FF", "M_INVALID_PARAM"],
  ])("do not see %s", async (target, errcode) => {
    const answer = await serve({ search: echo })(target);
    expect([answer.status, (await answer.json()).errcode]).toEqual([400, errcode]);
  });

  test("may throw a MatrixError", async () => {
    const ask = serve({
      getRoom: () => {
        throw new MatrixError(404, "M_NOT_FOUND", "No such room.", { hint: 1 });
      },
    });
    const answer = await ask("/rooms/a");
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { errcode: "M_NOT_FOUND", error: "No such room.", hint: 1 },
    ]);
  });

  test("that break are reported, and answered without a word about why", async () => {
    const reports: unknown[] = [];
    const broken = new Error("the password is hunter2");
    const ask = serve(
      { getRoom: () => Promise.reject(broken) },
      { onError: (reason, { operationId, request }) => reports.push(reason, operationId, request.method) },
    );
    const answer = await ask("/rooms/a");
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain("hunter2");
    expect(reports).toEqual([broken, "getRoom", "GET"]);
  });

  test("get the body of another media type as a stream", async () => {
    const ask = serve({
      upload: async ({ body }: Seen) => ok({ text: await new Response(body as ReadableStream<Uint8Array>).text() }),
    });
    expect(await (await ask("/upload", post("not { JSON"))).json()).toEqual({ text: "not { JSON" });
  });

  test("get the caller's signal, address and request", async () => {
    const api = createApi(
      tinyDescription,
      {
        getRoom: ({ request, remoteAddress, signal }: Seen) =>
          ok({ a: request.headers.get("x-a"), remoteAddress, aborted: signal.aborted }),
      },
      {},
    );
    const answer = await api.fetch(new Request("http://h/rooms/a", { headers: { "X-A": "1" } }), {
      remoteAddress: "::1",
    });
    expect(await answer.json()).toEqual({ a: "1", remoteAddress: "::1", aborted: false });
  });
});
