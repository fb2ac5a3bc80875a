import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { lastMessages } from "./fixtures/readme-pages.ts";
import { registerAndRename } from "./fixtures/readme-example.ts";
import { jsonOf, startServer } from "./fixtures/test-server.ts";
import { createMatrixClient } from "./matrix-client.ts";

test("the README's example is the one that is compiled", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const example = await readFile(new URL("./fixtures/readme-example.ts", import.meta.url), "utf8");
  const [, body = ""] = /export async function [^{]*\{\n(.*)\}\n/s.exec(example) ?? [];
  const lines = body.split("\n").map((line) => line.replace(/^ {2}/, ""));
  expect(lines.length).toBeGreaterThan(30);
  expect(readme).toContain(lines.join("\n"));
});

test("the README's example of pages is the one that is compiled, and works", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  expect(readme).toContain(await readFile(new URL("./fixtures/readme-pages.ts", import.meta.url), "utf8"));
  await using server = await startServer(({ query }) => {
    const from = Number(query.get("from") ?? 0);
    const chunk = [from, from + 1].map((body) => ({ type: "m.room.message", content: { body: String(body) } }));
    return from > 8
      ? { status: 403, body: { errcode: "M_FORBIDDEN", error: "" } }
      : { body: { chunk, end: `${from + 2}` } };
  });
  const client = createMatrixClient({ baseUrl: server.url });
  expect(await lastMessages(client, "!r:h", 3)).toEqual(["0", "1", "2"]);
  expect(server.received.length).toBe(2);
  expect(await lastMessages(client, "!r:h", 30)).toBe(null);
});

test("the README's example works", async () => {
  await using server = await startServer((request) => {
    const body = request.body.length > 0 ? (jsonOf(request) as { auth?: object }) : {}; // what the example has sent
    switch (`${request.method} ${request.path}`) {
      case "POST /_matrix/client/v3/register":
        return body.auth === undefined
          ? { status: 401, body: { flows: [{ stages: ["m.login.dummy"] }], session: "s" } }
          : { body: { user_id: "@alice:example.org" } };
      case "POST /_matrix/client/v3/login":
        return { body: { user_id: "@alice:example.org", device_id: "D", access_token: "a" } };
      case "PUT /_matrix/client/v3/devices/D":
        return request.headers.authorization === "Bearer a" ? { body: {} } : { status: 500 };
      default:
        return { status: 404 };
    }
  });
  expect(await registerAndRename(server.url, "alice", "correct horse", "Phone")).toBe("done");
  expect(await registerAndRename(`${server.url}/nowhere`, "alice", "correct horse", "Phone")).toContain("404");
});
