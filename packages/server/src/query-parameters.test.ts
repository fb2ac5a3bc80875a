import { describe, expect, test } from "vitest";
import { createClientServerApi, ok } from "./index.ts";
import type { ClientServerHandlers } from "./index.ts";

// What each kind of query parameter of the description becomes.
let seen: unknown;
const remember = ({ params }: { params: { query: unknown } }) => {
  seen = params.query;
};
const handlers: Partial<ClientServerHandlers> = {
  joinRoom: (context) => (remember(context), ok({ room_id: "!r" })),
  getRoomEvents: (context) => (remember(context), ok({ chunk: [], start: "s" })),
  getSpaceHierarchy: (context) => (remember(context), ok({ rooms: [] })),
  queryLocationByProtocol: (context) => (remember(context), ok([])),
};
const api = createClientServerApi(handlers, { authenticate: () => ({ id: "@a:h", deviceId: "D", guest: false }) });

async function ask(method: string, path: string): Promise<{ status: number; error?: string; errcode?: string }> {
  seen = undefined;
  const headers = { Authorization: "Bearer t" };
  const response = await api.fetch(new Request(`http://h/_matrix/client${path}`, { method, headers }));
  return { status: response.status, ...((await response.json()) as object) };
}

const filter = JSON.stringify({ types: ["m.room.message"], limit: 1 });

describe("query parameters", () => {
  test.each<[string, string, string, object]>([
    [
      "repeated ones are an array",
      "POST",
      "/v3/join/!r?via=a.example&via=b.example",
      { via: ["a.example", "b.example"] },
    ],
    ["a single one, too, where an array is declared", "POST", "/v3/join/!r?via=a.example", { via: ["a.example"] }],
    ["a comma divides nothing", "GET", "/v3/thirdparty/location/irc?a=b,c", { fields: { a: "b,c" } }],
    ["integers are numbers", "GET", "/v3/rooms/!r/messages?dir=b&limit=7", { dir: "b", limit: 7 }],
    [
      "booleans are booleans",
      "GET",
      "/v1/rooms/!r/hierarchy?suggested_only=true&max_depth=2",
      { suggested_only: true, max_depth: 2 },
    ],
    [
      "JSON stays text",
      "GET",
      `/v3/rooms/!r/messages?dir=f&filter=${encodeURIComponent(filter)}`,
      { dir: "f", filter },
    ],
    [
      "those without a declaration are the fields of the object",
      "GET",
      "/v3/thirdparty/location/irc?channel=%23a%26b&network=x+y&access_token=t&=",
      { fields: { channel: "#a&b", network: "x y" } },
    ],
    ["an object without fields is absent", "GET", "/v3/thirdparty/location/irc?access_token=t", {}],
  ])("%s", async (_, method, path, query) => {
    expect((await ask(method, path)).status).toBe(200);
    expect(seen).toEqual(query);
  });

  test("a field may have any name", async () => {
    await ask("GET", "/v3/thirdparty/location/irc?__proto__=a&constructor=b&fields=c");
    const { fields } = seen as { fields: object };
    expect(Object.entries(fields)).toEqual([
      ["__proto__", "a"],
      ["constructor", "b"],
    ]);
    expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
  });

  test.each([
    ["a number with words", "GET", "/v3/rooms/!r/messages?dir=b&limit=many", /"limit" in the query is a string/],
    ["a fraction", "GET", "/v3/rooms/!r/messages?dir=b&limit=1.5", /"limit" in the query/],
    ["a boolean of another kind", "GET", "/v1/rooms/!r/hierarchy?suggested_only=yes", /"suggested_only" in the query/],
    ["a value that is none of an enum", "GET", "/v3/rooms/!r/messages?dir=up", /is none of "b", "f"/],
    ["infinity", "GET", "/v3/rooms/!r/messages?dir=b&limit=1e999", /"limit" in the query is larger than any number/],
    ["a field twice", "GET", "/v3/thirdparty/location/irc?a=1&a=2", /"a" is in the query more than once/],
    ["a field that is no UTF-8", "GET", "/v3/thirdparty/location/irc?a=%FF", /"a" in the query is not percent-encoded/],
    ["an item of the wrong form", "POST", "/v3/join/!r?via=a.example&via=%20", /"via.1" in the query/],
  ])("%s is refused", async (_, method, path, message) => {
    const answer = await ask(method, path);
    expect(answer).toMatchObject({ status: 400, errcode: "M_INVALID_PARAM", error: expect.stringMatching(message) });
    expect(seen).toBeUndefined();
  });
});
