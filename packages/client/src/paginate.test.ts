import { error, ok } from "@matrix-openapi/server";
import { pagination } from "@matrix-openapi/definitions/client-server/pagination";
import { operations } from "@matrix-openapi/definitions/client-server/operations";
import { expect, test } from "vitest";
import { startHomeserver } from "./fixtures/homeserver.ts";
import { startServer } from "./fixtures/test-server.ts";
import { createMatrixClient } from "./matrix-client.ts";
import { paginate } from "./paginate.ts";

const names = Array.from({ length: 23 }, (_, index) => `@user${index}:h`);

/** Pages of five, and the index as the token; without a token after the last. */
function pageFrom(token = "0") {
  const start = Number(token);
  const next = start + 5 < names.length ? { next_batch: String(start + 5) } : {};
  return { items: names.slice(start, start + 5), ...next };
}

test("pages follow each other without a gap or a double until there is none", async () => {
  const asked: (string | undefined)[] = [];
  await using homeserver = await startHomeserver({
    getMutualRooms: ({ params }) => {
      asked.push(params.query.from);
      const { items, ...next } = pageFrom(params.query.from);
      return ok({ joined: items.map((name) => name.replace("@", "!")), count: names.length, ...next });
    },
  });
  const client = createMatrixClient({ baseUrl: homeserver.url, session: homeserver.session });
  const query = { user_id: "@bob:h" };
  const rooms: string[] = [];
  for await (const page of paginate(client, "GET /_matrix/client/v1/mutual_rooms", { params: { query } })) {
    if (!page.ok) throw new Error(page.kind);
    rooms.push(...page.data.joined);
  }
  expect(rooms).toEqual(names.map((name) => name.replace("@", "!")));
  expect(asked).toEqual([undefined, "5", "10", "15", "20"]);
  expect(query).toEqual({ user_id: "@bob:h" });
});

test("they go on from a token, and a page without items is no end", async () => {
  const pages = { start: ["a", "1"], 1: ["", "2"], 2: ["b", undefined] } as const;
  const asked: string[] = [];
  await using homeserver = await startHomeserver({
    getRoomEvents: ({ params: { query } }) => {
      const from = query.from ?? "";
      asked.push(`${from} ${query.dir} ${query.limit}`);
      const [body, end] = pages[from as keyof typeof pages];
      return ok({ chunk: body === "" ? [] : [messageOf(body)], start: from, ...(end !== undefined && { end }) });
    },
  });
  const client = createMatrixClient({ baseUrl: homeserver.url, session: homeserver.session });
  const bodies: unknown[] = [];
  for await (const page of paginate(client, "GET /_matrix/client/v3/rooms/{roomId}/messages", {
    params: { path: { roomId: "!r:h" }, query: { dir: "b", limit: 9, from: "start" } },
  })) {
    bodies.push(page.ok && page.data.chunk.map(({ content }) => content["body"]));
  }
  expect(bodies).toEqual([["a"], [], ["b"]]);
  expect(asked).toEqual(["start b 9", "1 b 9", "2 b 9"]);
});

test("a POST takes its token in the body", async () => {
  const asked: unknown[] = [];
  await using homeserver = await startHomeserver({
    queryPublicRooms: ({ params, body }) => {
      asked.push([params.query.server, body]);
      return ok({ chunk: [], ...(body.since === undefined && { next_batch: "2" }) });
    },
  });
  const client = createMatrixClient({ baseUrl: homeserver.url, session: homeserver.session });
  for await (const page of paginate(client, "POST /_matrix/client/v3/publicRooms", {
    params: { query: { server: "other.example" } },
    body: { filter: { generic_search_term: "tulips" } },
  })) {
    expect(page.ok).toBe(true);
  }
  const filter = { generic_search_term: "tulips" };
  expect(asked).toEqual([
    ["other.example", { filter }],
    ["other.example", { filter, since: "2" }],
  ]);
});

test.for([
  ["the one it was asked with", ["1", "2", "2"], 3],
  ["an older one", ["1", "2", "1"], 3],
  ["the one that the caller began with", ["start"], 1],
  ["no token at all, spelt out", [""], 1],
  ["no token, spelt as null", [null], 1],
] as const)("a token that is %s ends it", async ([, tokens, pages]) => {
  // No server of ours: the description allows some of these as little as the specification does.
  await using server = await startServer(() => ({
    body: { joined: [], next_batch: tokens[server.received.length - 1] },
  }));
  const client = createMatrixClient({ baseUrl: server.url });
  const params = { query: { user_id: "@bob:h", from: "start" } };
  let received = 0;
  for await (const page of paginate(client, "GET /_matrix/client/v1/mutual_rooms", { params })) {
    received += page.ok ? 1 : 0;
  }
  expect([received, server.received.length]).toEqual([pages, pages]);
});

test("an error is the last result, and nothing is asked after it", async () => {
  let asked = 0;
  await using homeserver = await startHomeserver({
    getMutualRooms: () =>
      ++asked === 2
        ? error(400, "M_INVALID_PARAM", "That token has expired.")
        : ok({ joined: [], count: 9, next_batch: "n" }),
  });
  const client = createMatrixClient({ baseUrl: homeserver.url, session: homeserver.session });
  const results: unknown[] = [];
  const init = { params: { query: { user_id: "@bob:h" } } };
  for await (const page of paginate(client, "GET /_matrix/client/v1/mutual_rooms", init)) {
    results.push(page.ok ? "page" : [page.kind, page.status]);
  }
  expect(results).toEqual(["page", ["error", 400]]);
  expect(asked).toBe(2);
});

test("leaving the loop asks for nothing more", async () => {
  let asked = 0;
  await using homeserver = await startHomeserver({
    getMutualRooms: () => ok({ joined: [], count: 9, next_batch: String(++asked) }),
  });
  const client = createMatrixClient({ baseUrl: homeserver.url, session: homeserver.session });
  for await (const _ of paginate(client, "GET /_matrix/client/v1/mutual_rooms", {
    params: { query: { user_id: "@bob:h" } },
  })) {
    if (asked === 3) break;
  }
  expect(asked).toBe(3);
});

test("the table has all the operations that answer page by page, with their tokens where they are looked for", () => {
  const paginated = Object.values(operations).filter((operation) => operation.pagination !== null);
  expect(Object.keys(pagination)).toEqual(paginated.map(({ method, path }) => `${method} ${path}`));
  for (const { method, queryParams, pagination: how } of paginated) {
    expect(method === "GET" ? how.request in queryParams : method === "POST").toBe(true);
  }
});

function messageOf(body: string) {
  return {
    type: "m.room.message",
    content: { msgtype: "m.text", body },
    event_id: "$e",
    room_id: "!r:h",
    sender: "@alice:h",
    origin_server_ts: 1,
  };
}
