import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import type { IncomingHttpHeaders, RequestOptions } from "node:http";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApi } from "../create-api.ts";
import { tinyDescription } from "../fixtures/tiny-api.ts";
import type { RequestFacts } from "../handlers.ts";
import { binary, html, ok } from "../results.ts";
import { toNodeListener } from "./node.ts";

type Seen = RequestFacts & { readonly params: { readonly path: object }; readonly body: unknown };

const reports: unknown[] = [];
const { promise: hungUp, resolve: hangUp } = Promise.withResolvers<void>();
const api = createApi(
  tinyDescription,
  {
    getState: ({ params }: Seen) => ok(params.path),
    getRoom: ({ request, remoteAddress }: Seen) =>
      ok({ url: request.url, cookies: request.headers.get("x-many"), method: request.method, remoteAddress }),
    store: ({ body }: Seen) => ok(body),
    page: () => html(200, "<p>ü</p>"),
    search: () => binary(200, "text/plain", new Response("streamed").body as ReadableStream<Uint8Array>),
    upload: async ({ body }: Seen) => ok({ text: await new Response(body as ReadableStream<Uint8Array>).text() }),
    leave: async ({ signal }: Seen) => {
      await once(signal, "abort");
      hangUp();
      return ok({});
    },
  },
  { maxBodyBytes: 100, onError: (reason) => reports.push(reason) },
);
const server = createServer(toNodeListener(api));
let port = 0;

beforeAll(async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  port = (server.address() as AddressInfo).port; // listening on TCP
});
afterAll(async () => {
  server.closeAllConnections();
  await once(server.close(), "close");
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

async function ask(path: string, options: RequestOptions = {}, ...chunks: string[]): Promise<Answer> {
  const request = httpRequest({ host: "127.0.0.1", port, path, ...options });
  for (const chunk of chunks) request.write(chunk);
  request.end();
  const [response] = await once(request, "response");
  return { status: response.statusCode, headers: response.headers, text: await text(response) };
}

describe("toNodeListener", () => {
  test("keeps the path as it came", async () => {
    const answer = await ask("/rooms/../state/a%2Fb/");
    expect(JSON.parse(answer.text)).toEqual({ roomId: "..", eventType: "a/b", stateKey: "" });
  });

  test.each(["a:b@localhost", "h h", "h/../x"])("takes a Host of %j for none", async (Host) => {
    const answer = await ask("/rooms/a", { headers: { Host } });
    expect([answer.status, JSON.parse(answer.text).url]).toEqual([200, "http://localhost/rooms/a"]);
  });

  test("gives handlers a Request", async () => {
    const answer = await ask("/rooms/a?b=c", { headers: { Host: "h:1", "X-Many": ["1", "2"] } });
    expect(JSON.parse(answer.text)).toEqual({
      url: "http://h:1/rooms/a?b=c",
      cookies: "1, 2",
      method: "GET",
      remoteAddress: "127.0.0.1",
    });
  });

  test("reads a body in pieces", async () => {
    const answer = await ask("/store", { method: "POST" }, '{"name":', '"ü"}');
    expect([answer.status, answer.text]).toEqual([200, '{"name":"ü"}']);
  });

  test.each([
    ["of a stated length", { "Content-Length": 101 }],
    ["of unknown length", {}],
  ])("refuses a body that is too large, %s, and closes the connection", async (_, headers) => {
    const answer = await ask("/store", { method: "POST", headers }, "x".repeat(101));
    expect([answer.status, JSON.parse(answer.text).errcode]).toEqual([413, "M_TOO_LARGE"]);
    expect(answer.headers.connection).toBe("close");
  });

  test("lets a caller who sends too much have the answer", async () => {
    const socket = connect(port, "127.0.0.1");
    const piece = "x".repeat(100_000);
    socket.write(`POST /store HTTP/1.1\r\nHost: h\r\nContent-Length: ${50 * piece.length}\r\n\r\n`);
    for (let sent = 0; sent < 50; sent++) {
      await new Promise<void>((resolve, reject) => {
        socket.write(piece, (error) => (error ? reject(error) : setTimeout(resolve, 1)));
      });
    }
    expect((await text(socket)).split("\r\n")[0]).toBe("HTTP/1.1 413 Payload Too Large");
  });

  test("streams in and out", async () => {
    expect((await ask("/upload", { method: "POST" }, "a", "b")).text).toBe('{"text":"ab"}');
    expect((await ask("/search?limit=1")).text).toBe("streamed");
  });

  test("states lengths in bytes, and none of a preflight", async () => {
    expect((await ask("/page")).headers["content-length"]).toBe("9");
    const head = await ask("/page", { method: "HEAD" });
    expect([head.headers["content-length"], head.text]).toEqual(["9", ""]);
    const preflight = await ask("/page", { method: "OPTIONS" });
    expect([preflight.status, preflight.headers["content-length"]]).toEqual([204, undefined]);
    expect(preflight.headers["access-control-allow-origin"]).toBe("*");
  });

  test("aborts the signal of a caller that went away, and reports nothing", async () => {
    const request = httpRequest({ host: "127.0.0.1", port, path: "/leave" });
    request.once("error", () => {}).end();
    setTimeout(() => request.destroy(), 20);
    await hungUp;
    expect(reports).toEqual([]);
  });

  test("survives a body that never ends", async () => {
    const socket = connect(port, "127.0.0.1");
    socket.write('POST /store HTTP/1.1\r\nHost: h\r\nContent-Length: 50\r\n\r\n{"name":');
    setTimeout(() => socket.destroy(), 20);
    await once(socket, "close");
    expect((await ask("/page")).status).toBe(200);
    expect(reports).toEqual([]);
  });

  test("answers methods that no Request can have", async () => {
    expect((await ask("/page", { method: "TRACE" })).status).toBe(405);
  });
});
