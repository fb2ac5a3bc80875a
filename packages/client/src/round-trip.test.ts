import { hash } from "node:crypto";
import { binary, error, ok, redirect } from "@matrix-openapi/server";
import type { components } from "@matrix-openapi/definitions/client-server";
import { describe, expect, test } from "vitest";
import { startHomeserver } from "./fixtures/homeserver.ts";
import { createMatrixClient } from "./matrix-client.ts";
import { retry } from "./retry.ts";

const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => index % 256);

// By their hashes, since a comparison item by item would take longer than all the rest.
const hashOf = (found: Uint8Array) => hash("sha256", found);

describe("values", () => {
  test.for(["", "/", "a/b", "%2F", "%", "?#&=", "...", "ünïcödé 🎉", "@alice:h", "a b+c", "\\", "\0"])(
    "%j comes back whole as a state key",
    async (stateKey) => {
      let seen: unknown;
      await using homeserver = await startHomeserver({
        getRoomStateWithKey: ({ params }) => ok({ ...params.path }),
        setRoomStateWithKey: ({ params, body }) => {
          seen = { ...params.path, ...body };
          return ok({ event_id: "$e" });
        },
      });
      const client = createMatrixClient({ baseUrl: homeserver.url, session: homeserver.session });
      const path = { roomId: "!a/b?c:h", eventType: "org.example/%", stateKey };
      const got = await client.GET("/_matrix/client/v3/rooms/{roomId}/state/{eventType}/{stateKey}", {
        params: { path },
      });
      expect(got).toMatchObject({ ok: true, data: path });
      const set = await client.PUT("/_matrix/client/v3/rooms/{roomId}/state/{eventType}/{stateKey}", {
        params: { path },
        body: { name: "x" },
      });
      expect([set.ok, seen]).toEqual([true, { ...path, name: "x" }]);
    },
  );

  test("go into a query as their kinds do", async () => {
    const seen: object[] = [];
    await using homeserver = await startHomeserver({
      joinRoom: ({ params }) => (seen.push(params.query), ok({ room_id: "!r:h" })),
      getRoomEvents: ({ params }) => (seen.push(params.query), ok({ chunk: [], start: "s" })),
      getSpaceHierarchy: ({ params }) => (seen.push(params.query), ok({ rooms: [] })),
      queryLocationByProtocol: ({ params }) => (seen.push(params.query), ok([])),
    });
    const client = createMatrixClient({ baseUrl: homeserver.url, session: homeserver.session });
    const room = { path: { roomId: "!r:h" } };
    const results = [
      await client.POST("/_matrix/client/v3/join/{roomIdOrAlias}", {
        params: { path: { roomIdOrAlias: "#a:h" }, query: { via: ["a.example", "b.example:8448"] } },
        body: {},
      }),
      // JSON in a query is text; what it says is typed by the schema that the parameter's description names.
      await client.GET("/_matrix/client/v3/rooms/{roomId}/messages", {
        params: {
          ...room,
          query: {
            dir: "b",
            limit: 0,
            filter: JSON.stringify({
              not_senders: ["@spam:h"],
              contains_url: true,
            } satisfies components["schemas"]["RoomEventFilter"]),
          },
        },
      }),
      await client.GET("/_matrix/client/v1/rooms/{roomId}/hierarchy", {
        params: { ...room, query: { suggested_only: false, max_depth: 1 } },
      }),
      await client.GET("/_matrix/client/v3/thirdparty/location/{protocol}", {
        params: { path: { protocol: "irc" }, query: { fields: { channel: "#a&b=c", "a b&": "d+e", empty: "" } } },
      }),
      await client.GET("/_matrix/client/v3/thirdparty/location/{protocol}", {
        params: { path: { protocol: "irc" }, query: { fields: {} } },
      }),
    ];
    expect(results.map(({ ok: worked }) => worked)).toEqual([true, true, true, true, true]);
    expect(seen).toEqual([
      { via: ["a.example", "b.example:8448"] },
      { dir: "b", limit: 0, filter: '{"not_senders":["@spam:h"],"contains_url":true}' },
      { suggested_only: false, max_depth: 1 },
      { fields: { channel: "#a&b=c", "a b&": "d+e", empty: "" } },
      {},
    ]);
  });

  test("that no query can carry are refused, names of fields too", async () => {
    const client = createMatrixClient({ baseUrl: "http://127.0.0.1:1" });
    for (const fields of [{ a: "\ud800" }, { "\ud800": "a" }]) {
      const result = await client.GET("/_matrix/client/v3/thirdparty/user/{protocol}", {
        params: { path: { protocol: "irc" }, query: { fields } },
      });
      expect(result).toMatchObject({ kind: "invalid-parameter", cause: { in: "query", parameter: "fields" } });
    }
  });
});

describe("media", () => {
  async function startMediaRepository() {
    const stored: { type: string | null; bytes: Uint8Array<ArrayBuffer>; name?: string | undefined }[] = [];
    let refusals = 1;
    const homeserver = await startHomeserver({
      uploadContent: async ({ request, params, body }) => {
        const all = new Uint8Array(await new Response(body).arrayBuffer());
        if (params.query.filename === "busy" && refusals-- > 0) return error(429, "M_LIMIT_EXCEEDED", "Wait.");
        stored.push({ type: request.headers.get("content-type"), bytes: all, name: params.query.filename });
        return ok({ content_uri: `mxc://h/${stored.length - 1}` });
      },
      uploadContentToMXC: async ({ request, params, body }) => {
        if (params.path.mediaId === "taken") return error(409, "M_CANNOT_OVERWRITE_MEDIA");
        stored.push({ type: request.headers.get("content-type"), bytes: await new Response(body).bytes() });
        return ok({});
      },
      getContentAuthed: ({ params }) => {
        if (params.path.mediaId === "later") return error(504, "M_NOT_YET_UPLOADED");
        if (params.path.mediaId === "moved")
          return redirect(308, `${homeserver.url}/_matrix/client/v1/media/download/h/0`);
        if (params.path.mediaId === "cdn") return redirect(307, "https://cdn.example.org/x");
        const file = stored[Number(params.path.mediaId)];
        if (file === undefined) return error(404, "M_NOT_FOUND");
        const headers = { "Content-Disposition": "inline", "Content-Security-Policy": "sandbox" };
        return binary(200, file.type ?? "application/octet-stream", file.bytes, headers);
      },
      getConfigAuthed: () => ok({ "m.upload.size": 5 }),
    });
    const client = createMatrixClient({
      baseUrl: homeserver.url,
      session: homeserver.session,
      behaviours: [retry()],
      clock: { now: () => 0, sleep: async () => {} },
    });
    const params = (mediaId: string) => ({ path: { serverName: "h", mediaId } });
    return { stored, client, params, [Symbol.asyncDispose]: () => homeserver[Symbol.asyncDispose]() };
  }

  test("goes up in every form there is, and comes down the same", async () => {
    await using media = await startMediaRepository();
    const stream = () => new Blob([bytes]).stream();
    const uploads = [
      { body: new Blob([bytes], { type: "image/png" }), type: "image/png" },
      { body: bytes, type: "application/octet-stream" },
      { body: bytes.buffer, headers: { "Content-Type": "image/gif" }, type: "image/gif" },
      { body: new DataView(bytes.buffer), headers: { "content-type": "text/plain" }, type: "text/plain" },
      { body: stream(), headers: new Headers({ "Content-Type": "video/webm" }), type: "video/webm" },
    ];
    for (const [index, { type, ...init }] of uploads.entries()) {
      const params = { query: { filename: `ü ${index}.png` } };
      const up = await media.client.POST("/_matrix/media/v3/upload", { ...init, params });
      expect(up).toMatchObject({ ok: true, data: { content_uri: `mxc://h/${index}` } });
      expect(media.stored[index]).toEqual({ type, bytes: expect.anything(), name: `ü ${index}.png` });
      expect(hashOf(media.stored[index]?.bytes ?? new Uint8Array())).toBe(hashOf(bytes));
    }
    const path = "/_matrix/client/v1/media/download/{serverName}/{mediaId}";
    const blob = await media.client.GET(path, { params: media.params("0"), parseAs: "blob" });
    expect(blob.ok && [blob.data.type, hashOf(await blob.data.bytes())]).toEqual(["image/png", hashOf(bytes)]);
    expect(blob.ok && blob.response.headers.get("content-disposition")).toBe("inline");
    const buffer = await media.client.GET(path, { params: media.params("1"), parseAs: "arrayBuffer" });
    expect(buffer.ok && hashOf(new Uint8Array(buffer.data))).toBe(hashOf(bytes));
    const streamed = await media.client.GET(path, { params: media.params("2"), parseAs: "stream" });
    expect(streamed.ok && hashOf(await new Response(streamed.data).bytes())).toBe(hashOf(bytes));
  });

  test("goes up later to a URI that was made before, once", async () => {
    await using media = await startMediaRepository();
    const path = "/_matrix/media/v3/upload/{serverName}/{mediaId}";
    const put = await media.client.PUT(path, { params: media.params("new"), body: new Blob([bytes]) });
    expect(put).toMatchObject({ ok: true, data: {} });
    const again = await media.client.PUT(path, { params: media.params("taken"), body: new Blob([bytes]) });
    expect(again.ok).toBe(false);
    if (!again.ok && again.status === 409) expect(again.error.errcode).toBe("M_CANNOT_OVERWRITE_MEDIA");
    expect(media.stored.length).toBe(1);
  });

  test("goes up whole when it has to be sent again, a stream too", async () => {
    await using media = await startMediaRepository();
    const init = { params: { query: { filename: "busy" } }, body: new Blob([bytes]).stream() };
    expect(await media.client.POST("/_matrix/media/v3/upload", init)).toMatchObject({ ok: true });
    expect(media.stored.map((file) => hashOf(file.bytes))).toEqual([hashOf(bytes)]);
  });

  test("that is not there is an error, though the answer would not have been JSON", async () => {
    await using media = await startMediaRepository();
    const path = "/_matrix/client/v1/media/download/{serverName}/{mediaId}";
    const missing = await media.client.GET(path, { params: media.params("7"), parseAs: "stream" });
    expect(missing).toMatchObject({ ok: false, kind: "error", status: 404, error: { errcode: "M_NOT_FOUND" } });
    const later = await media.client.GET(path, { params: media.params("later"), parseAs: "blob" });
    expect(later).toMatchObject({ ok: false, status: 504, error: { errcode: "M_NOT_YET_UPLOADED" } });
  });

  test("that lies elsewhere is a redirect, followed where the call says so", async () => {
    await using media = await startMediaRepository();
    const path = "/_matrix/client/v1/media/download/{serverName}/{mediaId}";
    const cdn = await media.client.GET(path, { params: media.params("cdn"), parseAs: "blob" });
    expect(cdn).toMatchObject({ ok: false, kind: "redirect", status: 307, location: "https://cdn.example.org/x" });
    await media.client.POST("/_matrix/media/v3/upload", { body: bytes });
    const moved = { params: media.params("moved"), parseAs: "arrayBuffer" } as const;
    expect(await media.client.GET(path, moved)).toMatchObject({ ok: false, kind: "redirect", status: 308 });
    const followed = await media.client.GET(path, { ...moved, redirect: "follow" });
    expect(followed.ok && hashOf(new Uint8Array(followed.data))).toBe(hashOf(bytes));
  });
});
