import { inspect } from "node:util";
import { expect, test } from "vitest";
import type { Answer } from "./fixtures/test-server.ts";
import { startServer } from "./fixtures/test-server.ts";
import { createMatrixClient } from "./matrix-client.ts";
import { NetworkError } from "./network-error.ts";
import { UnreadableBody } from "./unreadable-body.ts";

const html = { "content-type": "text/html" };

test.for<[string, Answer]>([
  ["a proxy's page", { status: 502, headers: html, body: "<h1>Bad gateway" }],
  ["an empty error", { status: 500 }],
  ["an error without a code", { status: 400, body: { error: "no" } }],
  ["an error that is a list", { status: 400, body: [] }],
  ["half a challenge", { status: 401, body: { flows: [{}] } }],
  ["no JSON", { status: 200, body: '{"versions": [' }],
  ["nothing", { status: 200 }],
  ["a page instead of JSON", { status: 200, headers: html, body: "<h1>Hotel network" }],
  ["a bare word", { status: 200, body: "null" }],
])("%s is unreadable, and says which status", async ([, answer]) => {
  await using server = await startServer(() => answer);
  const result = await createMatrixClient({ baseUrl: server.url }).GET("/_matrix/client/versions");
  expect(result).toMatchObject({ ok: false, kind: "unreadable", status: 0 });
  if (result.ok || result.kind !== "unreadable") throw new Error("not unreadable");
  expect(result.cause).toBeInstanceOf(UnreadableBody);
  expect(result.cause.status).toBe(answer.status);
  expect(result.response.status).toBe(answer.status);
  expect(result.cause.text).toBe(typeof answer.body === "object" ? JSON.stringify(answer.body) : (answer.body ?? ""));
  expect(result.cause.message).toContain(`GET /_matrix/client/versions: the server answered ${answer.status} with`);
});

test("printing an unreadable body does not print the tokens in it", async () => {
  await using server = await startServer(() => ({ body: '{"access_token": "syt_secret", ' }));
  const result = await createMatrixClient({ baseUrl: server.url }).GET("/_matrix/client/versions");
  expect(inspect(result)).toContain("UnreadableBody");
  expect(inspect(result, { depth: 9, showHidden: true })).not.toContain("syt_secret");
});

test.for([200, 400])("a body cut short at status %i is unreadable", async (status) => {
  await using server = await startServer((_, response) => {
    response.writeHead(status, { "content-type": "application/json", "content-length": "1000" });
    response.write('{"versions": []');
    setImmediate(() => response.destroy());
    return undefined;
  });
  const result = await createMatrixClient({ baseUrl: server.url }).GET("/_matrix/client/versions");
  expect(result).toMatchObject({ kind: "unreadable", status: 0, cause: { status } });
});

test("a page cut short is unreadable as well", async () => {
  await using server = await startServer((_, response) => {
    response.writeHead(200, { ...html, "content-length": "1000" });
    response.write("<p>");
    setImmediate(() => response.destroy());
    return undefined;
  });
  const client = createMatrixClient({ baseUrl: server.url });
  const result = await client.GET("/_matrix/static/client/login/", { parseAs: "text" });
  expect(result).toMatchObject({ kind: "unreadable", cause: { status: 200 } });
});

test("JSON counts whatever its type says", async () => {
  const body = '{"m.homeserver": {"base_url": "https://a.b"}}';
  await using server = await startServer(() => ({ headers: { "content-type": "application/octet-stream" }, body }));
  const result = await createMatrixClient({ baseUrl: server.url }).GET("/.well-known/matrix/client");
  expect(result).toMatchObject({ ok: true, data: { "m.homeserver": { base_url: "https://a.b" } } });
});

test("a redirect is not followed unless asked to", async () => {
  await using server = await startServer(({ path }) =>
    path === "/elsewhere"
      ? { body: { versions: ["v1.1"] } }
      : { status: 307, headers: { location: "/elsewhere" }, body: "moved" },
  );
  const client = createMatrixClient({ baseUrl: server.url });
  const result = await client.GET("/_matrix/client/versions");
  expect(result).toMatchObject({ ok: false, kind: "redirect", status: 307, location: "/elsewhere" });
  expect(server.received.length).toBe(1);
  const followed = await client.GET("/_matrix/client/versions", { redirect: "follow" });
  expect(followed).toMatchObject({ ok: true, data: { versions: ["v1.1"] } });
});

test("a redirect that a browser hides is one all the same", async () => {
  const hidden = { status: 0, ok: false, type: "opaqueredirect", headers: new Headers(), body: null };
  const fetch = async () => hidden as Response; // only a browser can make a real one
  const result = await createMatrixClient({ baseUrl: "https://a.b", fetch }).GET("/_matrix/client/versions");
  expect(result).toMatchObject({ ok: false, kind: "redirect", status: 0, location: null });
});

test("an unreachable server is a network failure that says why", async () => {
  const server = await startServer(() => ({ body: {} }));
  await server[Symbol.asyncDispose]();
  const result = await createMatrixClient({ baseUrl: server.url }).GET("/_matrix/client/versions");
  expect(result).toMatchObject({ ok: false, kind: "network", status: 0 });
  if (result.ok || result.kind !== "network") throw new Error("not a network failure");
  expect(result.cause).toBeInstanceOf(NetworkError);
  expect(result.cause.message).toContain(`GET /_matrix/client/versions: no answer from ${server.url}`);
  expect(result.cause.message).toContain("ECONNREFUSED");
});

test("a connection that breaks before the answer is a network failure", async () => {
  await using server = await startServer((_, response) => void response.destroy());
  const result = await createMatrixClient({ baseUrl: server.url }).GET("/_matrix/client/versions");
  expect(result).toMatchObject({ ok: false, kind: "network" });
});

test("a fetch that throws at once is a network failure", async () => {
  const client = createMatrixClient({
    baseUrl: "https://a.b",
    fetch: () => {
      throw "no fetch today";
    },
  });
  const result = await client.GET("/_matrix/client/versions");
  expect(result).toMatchObject({ kind: "network", cause: { cause: "no fetch today" } });
});

test("an abort before, during and after the wait rejects with its reason", async () => {
  const controllers = [new AbortController(), new AbortController(), new AbortController()] as const;
  const reasons = [new Error("before"), new Error("during"), new Error("after")];
  await using server = await startServer((_, response) => {
    if (server.received.length === 1) setImmediate(() => controllers[1].abort(reasons[1]));
    else {
      response.writeHead(200, { "content-type": "application/json" });
      response.write("{");
    }
    return undefined;
  });
  const client = createMatrixClient({
    baseUrl: server.url,
    fetch: async (request) => {
      const response = await fetch(request);
      setTimeout(() => controllers[2].abort(reasons[2]), 10);
      return response;
    },
  });
  controllers[0].abort(reasons[0]);
  for (const [index, { signal }] of controllers.entries()) {
    await expect(client.GET("/_matrix/client/versions", { signal })).rejects.toBe(reasons[index]);
  }
  expect(server.received.length).toBe(2);
});
