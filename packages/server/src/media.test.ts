import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { toNodeListener } from "./adapters/node.ts";
import { binary, createClientServerApi, error, ok, redirect } from "./index.ts";

// The media repository's operations as the description has them, over real connections.
const stored = new Map<string, { type: string; bytes: Uint8Array }>();
const cancelled: unknown[] = [];
const reports: unknown[] = [];
const api = createClientServerApi(
  {
    uploadContent: async ({ body, request }) => {
      const bytes = new Uint8Array(await new Response(body).arrayBuffer());
      const mediaId = `m${stored.size}`;
      stored.set(mediaId, { type: request.headers.get("content-type") ?? "application/octet-stream", bytes });
      return ok({ content_uri: `mxc://h/${mediaId}` });
    },
    uploadContentToMXC: async ({ body, params }) => {
      if (params.path.mediaId === "unread") return error(409, "M_CANNOT_OVERWRITE_MEDIA");
      for await (const _ of body) return error(409, "M_CANNOT_OVERWRITE_MEDIA"); // the first piece is enough
      return ok({});
    },
    getContentAuthed: ({ params }) => {
      const { mediaId } = params.path;
      if (mediaId === "elsewhere") return redirect(307, "https://cdn.example.org/file?signature=x");
      if (mediaId === "moved") return redirect(308, "https://cdn.example.org/file", { "Cache-Control": "no-store" });
      if (mediaId === "endless") return binary(200, "application/octet-stream", endless());
      const found = stored.get(mediaId);
      if (found === undefined) return error(404, "M_NOT_FOUND");
      return binary(200, found.type, found.bytes, {
        "Content-Disposition": 'attachment; filename="a.bin"',
        "Content-Security-Policy": "sandbox",
      });
    },
    redirectToSSO: ({ params }) => redirect(302, `https://sso.example.org/?to=${params.query.redirectUrl}`),
  },
  {
    authenticate: () => ({ id: "@a:h", deviceId: "D", guest: false }),
    maxUploadBytes: 100_000,
    validateResponses: true,
    onError: (reason) => reports.push(reason),
  },
);
const server = createServer(toNodeListener(api));
let base = "";
const headers = { Authorization: "Bearer t" };

beforeAll(async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // listening on TCP
});
beforeEach(() => void cancelled.splice(0));
afterAll(async () => {
  server.closeAllConnections();
  await once(server.close(), "close");
  expect(reports).toEqual([]);
});

const upload = (body: BodyInit | undefined, type = "image/png", more: RequestInit = {}) =>
  fetch(`${base}/_matrix/media/v3/upload`, {
    method: "POST",
    headers: { ...headers, "Content-Type": type },
    ...(body !== undefined && { body }),
    ...more,
  });
const download = (mediaId: string, init: RequestInit = {}) =>
  fetch(`${base}/_matrix/client/v1/media/download/h/${mediaId}`, { headers, redirect: "manual", ...init });

test("bytes come back as they were sent, with their type and the headers that the handler gave", async () => {
  const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256);
  const { content_uri: uri } = (await (await upload(bytes)).json()) as { content_uri: string };
  const answer = await download(uri.split("/").at(-1) ?? "");
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("image/png");
  expect(answer.headers.get("content-disposition")).toBe('attachment; filename="a.bin"');
  expect(answer.headers.get("access-control-allow-origin")).toBe("*");
  expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes);
  const head = await download(uri.split("/").at(-1) ?? "", { method: "HEAD" });
  expect([head.headers.get("content-length"), await head.text()]).toEqual(["70000", ""]);
});

test("nothing at all is a file, too", async () => {
  const answer = await upload(undefined, "text/plain");
  expect([answer.status, [...stored.values()].at(-1)]).toEqual([200, { type: "text/plain", bytes: new Uint8Array() }]);
  const direct = new Request("http://h/_matrix/media/v3/upload", { method: "POST", headers });
  expect((await api.fetch(direct)).status).toBe(200);
});

test("what is not JSON is not read as JSON, whatever it looks like", async () => {
  expect((await upload("{ not JSON", "application/json")).status).toBe(200);
  expect(new TextDecoder().decode([...stored.values()].at(-1)?.bytes)).toBe("{ not JSON");
});

test("a file that says it is too large is refused unread, one that turns out to be while it is read", async () => {
  const count = stored.size;
  const piece = new Uint8Array(60_000);
  const pieces = new ReadableStream({
    start(controller) {
      controller.enqueue(piece);
      controller.enqueue(piece);
      controller.close();
    },
  });
  const stream: RequestInit & { duplex: "half" } = { duplex: "half" };
  for (const answer of [await upload(new Uint8Array(100_001)), await upload(pieces, "image/png", stream)]) {
    expect([answer.status, await answer.json()]).toEqual([413, { errcode: "M_TOO_LARGE", error: expect.any(String) }]);
  }
  expect((await upload(new Uint8Array(100_000))).status).toBe(200);
  expect(stored.size).toBe(count + 1);
});

test.each([
  ["left in the middle", "read", "close"],
  ["not looked at", "unread", "keep-alive"],
])("an upload that was %s is answered all the same", async (_, mediaId, connection) => {
  const request = httpRequest(`${base}/_matrix/media/v3/upload/h/${mediaId}`, { method: "PUT", headers });
  for (let piece = 0; piece < 9; piece++) request.write(Buffer.alloc(10_000));
  request.end();
  const [answer] = await once(request, "response");
  expect([answer.statusCode, answer.headers.connection]).toEqual([409, connection]);
  expect(JSON.parse(await text(answer)).errcode).toBe("M_CANNOT_OVERWRITE_MEDIA");
});

test("an upload whose connection breaks is nobody's mistake", async () => {
  const count = stored.size;
  const request = httpRequest(`${base}/_matrix/media/v3/upload`, { method: "POST", headers });
  const broken = once(request, "error");
  request.write(Buffer.alloc(1000));
  setTimeout(() => request.destroy(), 20);
  await broken;
  expect((await download("none")).status).toBe(404);
  expect([stored.size, reports]).toEqual([count, []]);
});

test("whoever stops downloading ends the source", async () => {
  const answer = await download("endless");
  const reader = answer.body?.getReader();
  expect((await reader?.read())?.value?.length).toBeGreaterThan(0);
  await reader?.cancel();
  await expect.poll(() => cancelled.length).toBe(1);
});

test("HEAD of a stream ends the source as well, and states no length", async () => {
  const answer = await download("endless", { method: "HEAD" });
  expect([answer.status, answer.headers.get("content-length"), await answer.text()]).toEqual([200, null, ""]);
  expect(cancelled.length).toBe(1);
});

test("redirects say where to, and are Matrix answers too", async () => {
  const temporary = await download("elsewhere");
  expect([temporary.status, temporary.headers.get("location")]).toEqual([
    307,
    "https://cdn.example.org/file?signature=x",
  ]);
  const permanent = await download("moved");
  expect([permanent.status, permanent.headers.get("cache-control")]).toEqual([308, "no-store"]);
  const sso = await fetch(`${base}/_matrix/client/v3/login/sso/redirect?redirectUrl=x`, { redirect: "manual" });
  expect([sso.status, sso.headers.get("location")]).toEqual([302, "https://sso.example.org/?to=x"]);
  expect(permanent.headers.get("access-control-allow-origin")).toBe("*");
});

function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(1000)),
    cancel: (reason) => void cancelled.push(reason),
  });
}
