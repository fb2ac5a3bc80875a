import { createMatrixClient } from "@matrix-openapi/client";
import { expect, test } from "vitest";
import { describeBed, harvest, question, send, summaryOf, tell } from "./events-in-typescript.example.ts";

test("messages are told apart by msgtype", () => {
  expect(summaryOf(question)).toBe("Bob, can you bring the seeds?");
  expect(summaryOf({ msgtype: "m.image", body: "a.jpg", url: "mxc://example.org/a", info: { w: 1200 } })).toBe(
    "an image, 1200 pixels wide",
  );
  expect(summaryOf(harvest)).toBe("800 g of tomatoes");
});

test("state is told from messages that call themselves so", () => {
  const content = { membership: "join", displayname: "Bob" };
  expect(tell({ type: "m.room.member", state_key: "@bob:example.org", content })).toBe("Bob is here");
  expect(tell({ type: "m.room.member", content })).toBe(undefined);
  expect(tell({ type: "m.room.message", content: question })).toBe(question.body);
});

test("a message is sent as it is, and its ID or the reason comes back", async () => {
  const sent: unknown[] = [];
  const client = (status: number, body: object) =>
    createMatrixClient({
      baseUrl: "http://localhost",
      fetch: async (request) => {
        sent.push(await new Request(request).json());
        return Response.json(body, { status });
      },
    });
  expect(await send(client(200, { event_id: "$1" }), "!a:b", question)).toBe("$1");
  expect(await send(client(403, { errcode: "M_FORBIDDEN", error: "No." }), "!a:b", question)).toBe("not sent: 403");
  expect(sent).toEqual([question, question]);
});

test("own types are used like any other", () => {
  const bed = { type: "org.example.bed", state_key: "7", content: { crop: "beans" } } as const;
  expect(describeBed({ ...bed, event_id: "$1", room_id: "!a:b", sender: "@a:b", origin_server_ts: 1 })).toBe(
    "In bed 7: beans",
  );
});
