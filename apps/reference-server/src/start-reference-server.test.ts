import { request } from "node:http";
import { afterEach, expect, test } from "vitest";
import { startReferenceServer } from "./index.ts";
import type { ReferenceServer, ReferenceServerOptions } from "./index.ts";

const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function start(options: ReferenceServerOptions = {}): Promise<ReferenceServer> {
  const server = await startReferenceServer({ passwordHashing: "test", ...options });
  closing.push(() => server.close());
  return server;
}

const json = async (url: string): Promise<unknown> => (await fetch(url)).json();

test("two servers and the inbox answer on loopback ports of their own, several sets in one process", async () => {
  const [first, second] = await Promise.all([start(), start()]);
  const urls = [first, second].flatMap(({ homeserver, identity, inbox }) => [homeserver, identity, inbox]);
  expect(new Set(urls).size).toBe(6);
  for (const url of urls) expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(await json(`${first.homeserver}/_matrix/client/versions`)).toMatchObject({
    versions: expect.arrayContaining(["v1.19"]) as string[],
  });
  expect(await json(`${first.identity}/_matrix/identity/versions`)).toMatchObject({
    versions: expect.arrayContaining(["v1.19"]) as string[],
  });
  expect(await json(`${first.inbox}/api/messages`)).toEqual({ messages: [] });
});

test("after close nothing listens", async () => {
  const server = await start();
  await server.close();
  for (const url of [server.homeserver, server.identity, server.inbox]) {
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  }
});

test("a start that fails closes what it had opened", async () => {
  const holder = await start();
  const taken = Number(new URL(holder.inbox).port);
  const port = Number(new URL((await closedAgain()).homeserver).port);
  const failing = startReferenceServer({ port, inboxPort: taken });
  await expect(failing).rejects.toThrow(
    `the inbox cannot listen: port ${taken} on 127.0.0.1 is in use; choose another one with --inbox-port`,
  );
  const retried = await start({ port });
  expect(retried.homeserver).toBe(`http://127.0.0.1:${port}`);
});

async function closedAgain(): Promise<ReferenceServer> {
  const server = await start();
  await server.close();
  return server;
}

test("a wrong option is refused by name before anything is opened", async () => {
  await expect(startReferenceServer({ serverName: "no spaces" })).rejects.toThrow(
    'serverName is "no spaces"; expected',
  );
  await expect(startReferenceServer({ port: 65_536 })).rejects.toThrow("port is 65536; expected: <= 65535");
});

test("a target or host that is no URL is answered, not dropped", async () => {
  const { homeserver } = await start();
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const { hostname, port } = new URL(homeserver);
    const sent = request({ hostname, port, path: "//[", headers: { host: "a b" } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.once("error", reject).end();
  });
  expect(status).toBe(404);
});

test("URLs with umlauts are handed out in ASCII, as the API's formats want them", async () => {
  const terms = { privacy: { version: "1", de: { name: "Datenschutz", url: "https://example.org/für-alle|#%" } } };
  const { homeserver, identity } = await start({
    baseUrls: { homeserver: "https://exämple.org" },
    wellKnown: { identityServer: "https://ex.org/ü" },
    terms,
    identity: { terms },
    registration: { flows: [["m.login.terms"]] },
  });
  expect(await json(`${homeserver}/.well-known/matrix/client`)).toEqual({
    "m.homeserver": { base_url: "https://xn--exmple-cua.org" },
    "m.identity_server": { base_url: "https://ex.org/%C3%BC" },
  });
  const policies = { privacy: { de: { url: "https://example.org/f%C3%BCr-alle%7C#%25" } } };
  const challenge = await fetch(`${homeserver}/_matrix/client/v3/register`, { method: "POST", body: "{}" });
  expect(await challenge.json()).toMatchObject({ params: { "m.login.terms": { policies } } });
  expect(await json(`${identity}/_matrix/identity/v2/terms`)).toMatchObject({ policies });
});
