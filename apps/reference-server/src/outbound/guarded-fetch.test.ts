import type { RequestListener } from "node:http";
import { afterEach, expect, test } from "vitest";
import { startLoopbackServer } from "../fixtures/loopback-server.ts";
import type { LoopbackServer } from "../fixtures/loopback-server.ts";
import { createAddressGuard } from "./address-guard.ts";
import { createGuardedFetch } from "./guarded-fetch.ts";
import type { OutboundFetch } from "./outbound-fetch.ts";

const servers: LoopbackServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = await startLoopbackServer(listener);
  servers.push(server);
  return server.url;
}

function guardedFetch(
  allow: boolean | string[],
  { origins = [] as string[], timeoutMs = 5000, limit = 1000 } = {},
): OutboundFetch {
  return createGuardedFetch({
    guard: createAddressGuard(allow),
    allowedOrigins: new Set(origins),
    timeoutMs,
    maximumResponseBytes: limit,
  });
}

test("a loopback server is refused before any connection, by address, by name and in every spelling", async () => {
  let connections = 0;
  const url = await serve((_request, response) => {
    connections++;
    response.end();
  });
  const port = new URL(url).port;
  const fetch = guardedFetch(false);
  for (const host of ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0"]) {
    await expect(fetch(`http://${host}:${port}/`), host).rejects.toMatchObject({
      name: "OutboundError",
      reason: "refused",
    });
  }
  expect(connections).toBe(0);
});

test("our own servers are reached by origin, and only by exactly that", async () => {
  const url = await serve((_request, response) => response.end("{}"));
  const fetch = guardedFetch(false, { origins: [url] });
  expect((await fetch(`${url}/versions`)).status).toBe(200);
  await expect(fetch(url.replace("127.0.0.1", "127.0.0.2"))).rejects.toMatchObject({ reason: "refused" });
});

test("a URL that others have made up does not lead to our own servers", async () => {
  const url = await serve((_request, response) => response.end("{}"));
  const request = { isForeign: true };
  await expect(guardedFetch(false, { origins: [url] })(url, request)).rejects.toMatchObject({ reason: "refused" });
  expect((await guardedFetch(["127.0.0.1"])(url, request)).status).toBe(200);
});

test("what is allowed is sent as asked and answered as it came", async () => {
  const url = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      response.writeHead(201, { "content-type": "application/json", "set-cookie": ["a=1", "b=2"] });
      const { method, url: target, headers } = request;
      response.end(
        JSON.stringify({
          method,
          target,
          token: headers.authorization,
          host: headers.host,
          type: headers["content-type"],
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
  });
  const fetch = guardedFetch(["localhost", "127.0.0.1"]);
  const named = url.replace("127.0.0.1", "localhost");
  const response = await fetch(`${named}/a%2Fb?c=d`, {
    method: "POST",
    headers: { authorization: "Bearer t" },
    body: "é",
  });
  expect(response.status).toBe(201);
  expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  expect(await response.json()).toEqual({
    method: "POST",
    target: "/a%2Fb?c=d",
    token: "Bearer t",
    host: new URL(named).host,
    type: "application/json",
    body: "é",
  });
  const form = await fetch(url, { method: "POST", body: new URLSearchParams({ a: "é" }) });
  expect(await form.json()).toMatchObject({ type: "application/x-www-form-urlencoded", body: "a=%C3%A9" });
  const other = await fetch(url, { method: "POST", body: "text", headers: { "content-type": "text/plain" } });
  expect(await other.json()).toMatchObject({ type: "text/plain", body: "text" });
});

test("a redirect is returned, not followed", async () => {
  const url = await serve((_request, response) =>
    response.writeHead(302, { location: "http://169.254.169.254/" }).end(),
  );
  const response = await guardedFetch(true)(url);
  expect([response.status, response.headers.get("location")]).toEqual([302, "http://169.254.169.254/"]);
});

test("an answer without a body is one", async () => {
  const url = await serve((_request, response) => response.writeHead(204).end());
  expect((await guardedFetch(true)(url)).status).toBe(204);
});

test.each(["file:///etc/passwd", "ftp://example.org/", "//example.org", "http://user:secret@example.org/", ""])(
  "%s is refused",
  async (url) => {
    await expect(guardedFetch(true)(url)).rejects.toMatchObject({ reason: "refused" });
  },
);

test("an endless answer is cut off, a silent server times out, a closed port is unreachable, an abort is an abort", async () => {
  const endless = await serve((_request, response) => {
    response.writeHead(200);
    const more = () => void (response.destroyed || response.write("x".repeat(500), more));
    more();
  });
  await expect(guardedFetch(true)(endless)).rejects.toMatchObject({ reason: "too-large" });

  const silent = await serve(() => {});
  await expect(guardedFetch(true, { timeoutMs: 50 })(silent)).rejects.toMatchObject({ reason: "timeout" });
  await expect(guardedFetch(true)(silent, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    reason: "aborted",
  });

  const halfSent = await serve((_request, response) => {
    response.writeHead(200, { "content-length": 10 }).write("12345");
    response.destroy();
  });
  await expect(guardedFetch(true)(halfSent)).rejects.toMatchObject({ reason: "unreachable" });

  const gone = await serve(() => {});
  await servers.pop()?.[Symbol.asyncDispose]();
  await expect(guardedFetch(true)(gone)).rejects.toMatchObject({ reason: "unreachable" });
});
