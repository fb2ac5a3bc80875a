import { describe, expect, test } from "vitest";
import { echo, post, serve } from "./fixtures/tiny-server.ts";
import type { Seen } from "./fixtures/tiny-server.ts";
import { ok } from "./results.ts";

const nested = (depth: number) => `${'{"name":'.repeat(depth - 1)}{"name":1}${"}".repeat(depth - 1)}`;

describe("JSON bodies", () => {
  const ask = serve({ store: echo, putRoom: echo }, { maxBodyBytes: 200, maxBodyDepth: 5 });

  test.each<[string, BodyInit, number, string]>([
    ["no JSON", "{", 400, "M_NOT_JSON"],
    ["nothing, where something is required", "", 400, "M_NOT_JSON"],
    ["invalid UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400, "M_NOT_JSON"],
    ["an array", "[]", 400, "M_BAD_JSON"],
    ["null", "null", 400, "M_BAD_JSON"],
    ["a string", '"x"', 400, "M_BAD_JSON"],
    ["a missing field, by the operation's own code", "{}", 400, "M_MISSING_PARAM"],
    ["too deep", nested(6), 400, "M_BAD_JSON"],
    ["too deep in arrays", `{"name":${"[".repeat(50)}${"]".repeat(50)}}`, 400, "M_BAD_JSON"],
    ["too large", `{"name":"${"x".repeat(200)}"}`, 413, "M_TOO_LARGE"],
    ["a key for prototypes", '{"name":{"__proto__":{"admin":true}}}', 400, "M_BAD_JSON"],
    ["an escaped key for prototypes", '{"name":1,"\\u005f_proto__":{}}', 400, "M_BAD_JSON"],
    ["half a surrogate pair", '{"name":"\\ud800"}', 400, "M_BAD_JSON"],
    ["half a surrogate pair in a key", '{"name":{"\\udc00":1}}', 400, "M_BAD_JSON"],
  ])("with %s", async (_, body, status, errcode) => {
    const answer = await ask("/store", post(body));
    expect([answer.status, await answer.json()]).toEqual([status, { errcode, error: expect.any(String) }]);
  });

  test.each<[string, BodyInit, unknown]>([
    ["as deep as allowed", nested(5), JSON.parse(nested(5))],
    ["a whole surrogate pair", '{"name":"\\ud83d\\udc08"}', { name: "🐈" }],
    ["a repeated key, the last of which counts", '{"name":1,"name":2}', { name: 2 }],
    ["a byte order mark", '\ufeff{"name":1}', { name: 1 }],
    [
      "harmless names of prototypes",
      '{"name":1,"constructor":{"prototype":{}}}',
      { name: 1, constructor: { prototype: {} } },
    ],
  ])("with %s are taken", async (_, body, wanted) => {
    const answer = await ask("/store", post(body));
    expect([answer.status, (await answer.json()).body]).toEqual([200, wanted]);
  });

  test("are counted while they arrive", async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => (pulled++, controller.enqueue(new Uint8Array(50))),
    });
    const answer = await ask("/store", { method: "POST", body: endless, duplex: "half" } as RequestInit);
    expect(answer.status).toBe(413);
    expect(pulled).toBeLessThan(10);
  });

  test("may be absent where nothing in them is required", async () => {
    expect((await (await ask("/rooms/a", { method: "PUT" })).json()).body).toEqual({});
  });

  test("may be absent altogether where they are optional", async () => {
    const maybe = serve({ storeMaybe: ({ body }: Seen) => ok({ absent: body === undefined }) });
    expect(await (await maybe("/store", { method: "PUT" })).json()).toEqual({ absent: true });
    expect((await maybe("/store", { method: "PUT", body: "{}" })).status).toBe(400);
  });

  test.each([
    [undefined, 200],
    ["text/plain", 200],
    ["application/json; charset=UTF-8", 200],
    ['application/json; charset="utf-8"', 200],
    ["application/json; charset=utf-16", 400],
  ])("of Content-Type %s", async (contentType, status) => {
    const headers = new Headers(contentType === undefined ? {} : { "Content-Type": contentType });
    const body = new TextEncoder().encode('{"name":1}');
    expect((await ask("/store", { method: "POST", headers, body })).status).toBe(status);
  });

  test("of a megabyte of brackets are refused, not crashed on", async () => {
    const large = serve({ store: echo });
    const answer = await large("/store", post("[".repeat(1_000_000)));
    expect((await answer.json()).errcode).toBe("M_NOT_JSON");
    const closed = await large("/store", post(`{"name":${"[".repeat(500_000)}${"]".repeat(500_000)}}`));
    expect((await closed.json()).errcode).toBe("M_BAD_JSON");
  });
});
