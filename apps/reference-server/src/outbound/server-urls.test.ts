import { expect, test } from "vitest";
import { OutboundError } from "./outbound-fetch.ts";
import type { OutboundFetch } from "./outbound-fetch.ts";
import { createServerUrls } from "./server-urls.ts";

const delegations: Readonly<Record<string, unknown>> = {
  "https://delegated.test/.well-known/matrix/server": { "m.server": "matrix.delegated.test:443" },
  "https://portless.test/.well-known/matrix/server": { "m.server": "matrix.portless.test" },
  "https://wrong.test/.well-known/matrix/server": { "m.server": 5 },
  "https://list.test/.well-known/matrix/server": [],
  "https://path.test/.well-known/matrix/server": { "m.server": "internal.test/admin?" },
  "https://moved.test/.well-known/matrix/server": Response.redirect("https://www.moved.test/server"),
  "https://www.moved.test/server": { "m.server": "matrix.moved.test" },
};

const fetch: OutboundFetch = async (url) => {
  const body = delegations[String(url)];
  if (body === undefined) throw new Error("unreachable");
  return body instanceof Response ? body : Response.json(body);
};

const urls = createServerUrls({
  serverName: "example.test",
  homeserver: "https://matrix.example.test",
  identity: "http://127.0.0.1:8090",
  identityListens: "http://127.0.0.1:8090",
  configured: { "known.test": "http://10.0.0.1:1" },
  fetch,
});

test.each([
  ["127.0.0.1:8090", "http://127.0.0.1:8090"],
  ["localhost:8090", "http://127.0.0.1:8090"],
  ["localhost:8091", "https://localhost:8091"],
  ["known.test", "http://10.0.0.1:1"],
  ["id.test", "https://id.test"],
  ["constructor", "https://constructor"],
])("the identity server %s is at %s", (name, url) => {
  expect(urls.identityServer(name)).toBe(url);
});

test.each([
  ["example.test", "https://matrix.example.test"],
  ["known.test", "http://10.0.0.1:1"],
  ["delegated.test", "https://matrix.delegated.test:443"],
  ["portless.test", "https://matrix.portless.test:8448"],
  ["wrong.test", "https://wrong.test:8448"],
  ["list.test", "https://list.test:8448"],
  ["path.test", "https://path.test:8448"],
  ["moved.test", "https://matrix.moved.test:8448"],
  ["away.test", "https://away.test:8448"],
  ["away.test:1234", "https://away.test:1234"],
  ["1.2.3.4", "https://1.2.3.4:8448"],
  ["[2001:db8::1]", "https://[2001:db8::1]:8448"],
  ["[2001:db8::1]:8449", "https://[2001:db8::1]:8449"],
])("the homeserver of %s is at %s", async (name, url) => {
  expect(await urls.homeserverOf(name)).toBe(url);
});

test.each(["away.test:99999", "1.2.3.999", "[1:2:3]"])("%s is nowhere", async (name) => {
  await expect(urls.homeserverOf(name)).rejects.toThrow(OutboundError);
});
