import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Answer } from "./fixtures/test-server.ts";
import { jsonOf, startServer } from "./fixtures/test-server.ts";
import { createIdentityClient } from "./identity-client.ts";
import { lookupThreepids } from "./threepid-lookup.ts";

const threepids = [
  { medium: "email", address: "Alice@example.com" },
  { medium: "email", address: "nobody@example.com" },
  { medium: "msisdn", address: "18005552067" },
] as const;

test("finds who is bound, by the addresses as they were given, and shows the server hashes only", async () => {
  await using server = await startIdentityServer();
  const client = createIdentityClient({ baseUrl: server.url, accessToken: "isat" });
  const result = await lookupThreepids(client, threepids);
  expect(result).toEqual({
    ok: true,
    data: new Map([
      ["Alice@example.com", "@alice:example.org"],
      ["18005552067", "@bob:example.org"],
    ]),
  });
  expect(server.received.every(({ headers }) => headers.authorization === "Bearer isat")).toBe(true);
  expect(server.received.at(-1)?.body.toString()).not.toContain("example.com");
});

test("a pepper that has just changed is asked for again, once", async () => {
  await using server = await startIdentityServer({ rotations: 1 });
  const client = createIdentityClient({ baseUrl: server.url });
  const result = await lookupThreepids(client, threepids);
  expect(result.ok && result.data.size).toBe(2);

  await using restless = await startIdentityServer({ rotations: 9 });
  const failed = await lookupThreepids(createIdentityClient({ baseUrl: restless.url }), threepids);
  expect(failed).toMatchObject({ ok: false, status: 400, error: { errcode: "M_INVALID_PEPPER" } });
  expect(restless.received.length).toBe(4);
});

test("a server that takes no hashes is not shown the addresses", async () => {
  await using server = await startIdentityServer({ algorithms: ["none"] });
  const result = await lookupThreepids(createIdentityClient({ baseUrl: server.url }), threepids);
  expect(result).toEqual({ ok: false, kind: "hashing-unsupported", status: 0, algorithms: ["none"] });
  expect(server.received.length).toBe(1);
});

test("what fails is returned as it is", async () => {
  const refusal = { status: 403, body: { errcode: "M_TERMS_NOT_SIGNED", error: "Agree first." } };
  await using server = await startIdentityServer({ refusal });
  const result = await lookupThreepids(createIdentityClient({ baseUrl: server.url }), threepids);
  expect(result).toMatchObject({ ok: false, kind: "error", status: 403, error: refusal.body });
});

/** An identity server that knows two people, and changes its pepper `rotations` times after telling it. */
async function startIdentityServer(
  options: { rotations?: number; algorithms?: readonly string[]; refusal?: Answer } = {},
) {
  const { rotations = 0, algorithms = ["none", "sha256"], refusal } = options;
  let pepper = 0;
  return startServer((request) => {
    if (refusal) return refusal;
    if (request.path === "/_matrix/identity/v2/hash_details") {
      const told = { lookup_pepper: `pepper${pepper}`, algorithms };
      if (pepper < rotations) pepper++;
      return { body: told };
    }
    const lookup = jsonOf(request) as { addresses: string[]; pepper: string }; // what the client under test has sent
    if (lookup.pepper !== `pepper${pepper}`) {
      return { status: 400, body: { errcode: "M_INVALID_PEPPER", error: "It has changed." } };
    }
    const hash = (text: string) => createHash("sha256").update(`${text} pepper${pepper}`).digest("base64url");
    const bound = {
      [hash("alice@example.com email")]: "@alice:example.org",
      [hash("18005552067 msisdn")]: "@bob:example.org",
    };
    return {
      body: { mappings: Object.fromEntries(Object.entries(bound).filter(([key]) => lookup.addresses.includes(key))) },
    };
  });
}
