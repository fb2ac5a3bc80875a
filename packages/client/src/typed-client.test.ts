import { expect, test } from "vitest";
import { jsonOf, startServer } from "./fixtures/test-server.ts";
import type { WarehouseErrors, WarehousePaths } from "./fixtures/warehouse-api.ts";
import { createMatrixClient } from "./matrix-client.ts";
import { createTypedClient } from "./typed-client.ts";

test("a call sends what it was given and returns what was answered", async () => {
  await using server = await startServer(() => ({ body: { user_id: "@a:b", access_token: "t", device_id: "D" } }));
  const client = createMatrixClient({ baseUrl: server.url });
  const result = await client.POST("/_matrix/client/v3/login", {
    body: { type: "m.login.token", token: "secret" },
    headers: { "x-request-id": "7" },
  });
  expect(result).toMatchObject({ ok: true, status: 200, data: { access_token: "t" } });
  const [request] = server.received;
  expect(request).toMatchObject({ method: "POST", path: "/_matrix/client/v3/login" });
  expect(request?.headers).toMatchObject({ "content-type": "application/json", "x-request-id": "7" });
  expect(request?.headers.authorization).toBeUndefined();
  expect(jsonOf(request)).toEqual({ type: "m.login.token", token: "secret" });
});

test("a call without a body has no content type", async () => {
  await using server = await startServer(() => ({ body: { versions: [] } }));
  await createMatrixClient({ baseUrl: server.url }).GET("/_matrix/client/versions");
  expect(server.received[0]?.headers["content-type"]).toBeUndefined();
  expect(server.received[0]?.body.length).toBe(0);
});

test("the session's token is sent, as it is at that moment", async () => {
  await using server = await startServer(() => ({ body: { versions: [] } }));
  const session = { accessToken: "first" };
  const client = createMatrixClient({ baseUrl: server.url, session });
  await client.GET("/_matrix/client/versions");
  session.accessToken = "second";
  await client.GET("/_matrix/client/versions");
  await client.GET("/_matrix/client/versions", { headers: { authorization: "Bearer other" } });
  expect(server.received.map((request) => request.headers.authorization)).toEqual([
    "Bearer first",
    "Bearer second",
    "Bearer other",
  ]);
});

test.for(["", "/", "/hosted", "/hosted//", "/{braces}"])("the base URL may end in %o", async (end) => {
  await using server = await startServer(() => ({ body: { versions: [] } }));
  await createMatrixClient({ baseUrl: server.url + end }).GET("/_matrix/client/versions");
  const prefix = encodeURI(end).replace(/\/+$/, "");
  expect(server.received[0]?.path).toBe(`${prefix}/_matrix/client/versions`);
});

test.for(["", "matrix.org", "mailto:a@b", "https://a?b", "https://a#b", "https://user:secret@a"])(
  "%o is no base URL",
  (baseUrl) => {
    expect(() => createMatrixClient({ baseUrl })).toThrow(/^baseUrl is .*; expected an http\(s\) URL/);
    expect(() => createMatrixClient({ baseUrl })).not.toThrow(/secret/);
  },
);

test.for([{ "X-Id": "7" }, [["X-Id", "7"]] as [string, string][], new Headers({ "X-Id": "7" })])(
  "headers may be given as %o",
  async (headers) => {
    await using server = await startServer(() => ({ body: {} }));
    const client = createMatrixClient({ baseUrl: server.url });
    await client.POST("/_matrix/client/v3/logout", { headers });
    await client.POST("/_matrix/client/v3/register", { headers, body: {} });
    expect(server.received.map((request) => request.headers["x-id"])).toEqual(["7", "7"]);
  },
);

test("an error has its status and code", async () => {
  const body = { errcode: "M_FORBIDDEN", error: "No." };
  await using server = await startServer(() => ({ status: 403, body }));
  const result = await createMatrixClient({ baseUrl: server.url }).POST("/_matrix/client/v3/logout");
  expect(result).toMatchObject({ ok: false, kind: "error", status: 403, error: body });
  expect(result.data).toBeUndefined();
});

test("a challenge without an errcode is an error as well", async () => {
  const body = { flows: [{ stages: ["m.login.dummy"] }] };
  await using server = await startServer(() => ({ status: 401, body }));
  const result = await createMatrixClient({ baseUrl: server.url }).POST("/_matrix/client/v3/register", { body: {} });
  expect(result).toMatchObject({ ok: false, kind: "error", status: 401, error: body });
});

test("a blob goes out as it is, with its own type", async () => {
  await using server = await startServer(({ body }) => ({ body: { size: body.length } }));
  const client = createTypedClient<WarehousePaths, WarehouseErrors>({ baseUrl: server.url });
  const bytes = new Uint8Array([0, 255, 10, 13, 128]);
  const bodies = [new Blob([bytes], { type: "image/png" }), new Blob([bytes]), bytes, bytes.buffer, streamOf(bytes)];
  for (const body of bodies) {
    const result = await client.PUT("/media/{mediaId}", { params: { path: { mediaId: "m" } }, body });
    expect(result).toMatchObject({ ok: true, data: { size: 5 } });
    expect(server.received.at(-1)?.body).toEqual(Buffer.from(bytes));
  }
  const raw = "application/octet-stream";
  expect(server.received.map((request) => request.headers["content-type"])).toEqual(["image/png", raw, raw, raw, raw]);
  await client.PUT("/media/{mediaId}", {
    params: { path: { mediaId: "m" } },
    body: bytes,
    headers: { "Content-Type": "image/gif" },
  });
  expect(server.received.at(-1)?.headers["content-type"]).toBe("image/gif");
});

test("a binary answer is read as the caller asks", async () => {
  const bytes = Buffer.from([0, 255, 10, 13, 128]);
  await using server = await startServer(() => ({ body: bytes, headers: { "content-type": "image/png" } }));
  const client = createTypedClient<WarehousePaths, WarehouseErrors>({ baseUrl: server.url });
  const params = { path: { mediaId: "m" } };
  const blob = await client.GET("/media/{mediaId}", { params, parseAs: "blob" });
  expect(blob.ok && blob.data.type).toBe("image/png");
  expect(blob.ok && Buffer.from(await blob.data.arrayBuffer())).toEqual(bytes);
  const buffer = await client.GET("/media/{mediaId}", { params, parseAs: "arrayBuffer" });
  expect(buffer.ok && Buffer.from(buffer.data)).toEqual(bytes);
  const stream = await client.GET("/media/{mediaId}", { params, parseAs: "stream" });
  expect(stream.ok && Buffer.from(await new Response(stream.data).arrayBuffer())).toEqual(bytes);
});

test("a page is read as text", async () => {
  await using server = await startServer(() => ({ body: "<p>Log in", headers: { "content-type": "text/html" } }));
  const result = await createMatrixClient({ baseUrl: server.url }).GET("/_matrix/static/client/login/", {
    parseAs: "text",
  });
  expect(result).toMatchObject({ ok: true, status: 200, data: "<p>Log in" });
});

test("behaviours run in order, the first outermost, and know the operation", async () => {
  await using server = await startServer(() => ({ body: { versions: [] } }));
  const seen: string[] = [];
  const client = createMatrixClient({
    baseUrl: server.url,
    behaviours: ["outer", "inner"].map((name) => async (request, next, { method, path }) => {
      seen.push(`${name} ${method} ${path}`);
      request.headers.append("x-seen", name);
      const response = await next(request);
      seen.push(`${name} ${response.status}`);
      return response;
    }),
  });
  await client.GET("/_matrix/client/versions");
  expect(seen).toEqual([
    "outer GET /_matrix/client/versions",
    "inner GET /_matrix/client/versions",
    "inner 200",
    "outer 200",
  ]);
  expect(server.received[0]?.headers["x-seen"]).toBe("outer, inner");
});

test("what a behaviour throws is no network failure", async () => {
  const client = createMatrixClient({
    baseUrl: "http://127.0.0.1:1",
    behaviours: [() => Promise.reject(new TypeError("a bug"))],
  });
  await expect(client.GET("/_matrix/client/versions")).rejects.toThrow("a bug");
});

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
}
