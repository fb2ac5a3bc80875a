import type { IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { startLoopbackServer } from "../fixtures/loopback-server.ts";
import type { LoopbackServer } from "../fixtures/loopback-server.ts";
import { createAddressGuard } from "../outbound/address-guard.ts";
import { createGuardedFetch } from "../outbound/guarded-fetch.ts";
import { createLog } from "../process/log.ts";
import { createSmsSender } from "./sms-sender.ts";
import type { SmsSender } from "./sms-sender.ts";

const servers: LoopbackServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]();
});

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** A real webhook that answers as told and remembers what it got. */
async function startWebhook(status: number): Promise<{ sender: SmsSender; received: Received[]; log: string[] }> {
  const received: Received[] = [];
  const server = await startLoopbackServer(async (request, response) => {
    received.push({ headers: request.headers, body: JSON.parse(await text(request)) });
    response.writeHead(status).end();
  });
  servers.push(server);
  const webhookUrl = `${server.url}/send`;
  const lines: string[] = [];
  const sender = createSmsSender({
    webhookUrl,
    headers: { authorization: "Bearer hunter2" },
    fetch: createGuardedFetch({
      guard: createAddressGuard(false),
      allowedOrigins: new Set([new URL(webhookUrl).origin]),
      timeoutMs: 5000,
      maximumResponseBytes: 1000,
    }),
    log: createLog({ level: "debug", format: "json", write: (line) => lines.push(line) }),
  });
  return { sender, received, log: lines };
}

test("the webhook gets number and text as JSON, with the configured headers", async () => {
  const { sender, received } = await startWebhook(204);
  expect(await sender.send({ to: "491701234567", text: "Code: 123456 ✓" })).toEqual({ ok: true });
  expect(received).toMatchObject([
    {
      headers: { "content-type": "application/json", authorization: "Bearer hunter2" },
      body: { to: "491701234567", text: "Code: 123456 ✓" },
    },
  ]);
});

test.each([
  [400, "rejected"],
  [422, "rejected"],
  [401, "unavailable"],
  [429, "unavailable"],
  [500, "unavailable"],
  [302, "unavailable"],
] as const)("a webhook's %i means %s, and the log tells neither number nor text", async (status, reason) => {
  const { sender, log } = await startWebhook(status);
  const outcome = await sender.send({ to: "491701234567", text: "Code: 123456" });
  expect(outcome).toEqual({ ok: false, reason, detail: `the SMS webhook answered ${status}` });
  expect(log).toHaveLength(1);
  expect(log[0]).not.toMatch(/4917|123456|hunter2/);
});

test("a webhook that is away is unavailable", async () => {
  const { sender } = await startWebhook(200);
  await servers.pop()?.[Symbol.asyncDispose]();
  expect(await sender.send({ to: "1", text: "x" })).toMatchObject({ ok: false, reason: "unavailable" });
});
