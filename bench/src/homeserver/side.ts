// One side of a benchmark of the homeserver, in a process of its own; tells its URL.
import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { DatabaseSync } from "node:sqlite";

const [name = "", database = ":memory:"] = process.argv.slice(2);

const sides: Readonly<Record<string, () => Promise<string> | string>> = {
  ours: async () => {
    const { startReferenceServer } = await import("@matrix-openapi/reference-server"); // no memory of the other side
    const { homeserver } = await startReferenceServer({
      database,
      passwordHashing: "test",
      rateLimits: { login: false, registration: false, userInteractiveAuth: false },
    });
    return homeserver;
  },
  bare: () => listen((request, response) => void answer(request, response)),
};

/** PUT stores the body on disk and wakes who waits; GET answers the newest at once, GET with a query once there is one. */
const sqlite = name === "bare" ? openSqlite() : undefined;
const insert = sqlite?.prepare("insert into events (id, body) values (?, ?)");
const waiting = new Set<ServerResponse>();
let last = "{}";

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === "GET") {
    if (request.url?.includes("?") === true) waiting.add(response);
    else reply(response, last);
    return;
  }
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += String(chunk);
  const id = `$${randomBytes(32).toString("base64url")}`;
  insert?.run(id, JSON.stringify(JSON.parse(body)));
  last = body;
  reply(response, JSON.stringify({ event_id: id }));
  // One of them, as where a message is for one of those who wait.
  const [first] = waiting;
  if (first === undefined) return;
  waiting.delete(first);
  reply(first, body);
}

function reply(response: ServerResponse, body: string): void {
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body);
}

function openSqlite(): DatabaseSync {
  const opened = new DatabaseSync(database);
  opened.exec(
    "pragma journal_mode = wal; pragma synchronous = full; create table events (id text primary key, body text)",
  );
  return opened;
}

function listen(listener: RequestListener): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const server = createServer(listener);
  server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)); // TCP, so it has a port
  return promise;
}

const side = sides[name];
if (side === undefined) throw new Error(`expected one of ${Object.keys(sides).join(", ")}, found ${name}`);
process.send?.(await side());
process.on("disconnect", () => process.exit());
