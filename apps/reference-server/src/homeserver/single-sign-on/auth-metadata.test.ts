import { expect, test } from "vitest";
import { startLoopbackServer } from "../../fixtures/loopback-server.ts";
import { startHomeserver } from "../fixtures/homeserver.ts";

const metadata = {
  issuer: "https://auth.example.org/",
  authorization_endpoint: "https://auth.example.org/authorize",
  token_endpoint: "https://auth.example.org/token",
  revocation_endpoint: "https://auth.example.org/revoke",
  registration_endpoint: "https://auth.example.org/register",
  response_types_supported: ["code"],
  grant_types_supported: ["authorization_code", "refresh_token"],
  response_modes_supported: ["query", "fragment"],
  code_challenge_methods_supported: ["S256"],
  something_else: true,
};

test("a server without OAuth does not know the endpoint", async () => {
  await using home = await startHomeserver();
  expect(await home.call("GET", "/v1/auth_metadata")).toMatchObject({
    status: 404,
    body: { errcode: "M_UNRECOGNIZED" },
  });
});

test("the authorization server is asked now and then, and its last answer repeated where it fails", async () => {
  let answer: unknown = { issuer: "not all of it" };
  let requests = 0;
  await using server = await startLoopbackServer((_incoming, outgoing) => {
    requests++;
    outgoing.setHeader("content-type", "application/json").end(JSON.stringify(answer));
  });
  await using home = await startHomeserver({
    oauth: { metadataUrl: `${server.url}/.well-known/openid-configuration` },
  });
  const get = () => home.call("GET", "/v1/auth_metadata");
  expect((await get()).status).toBe(500);
  answer = metadata;
  expect((await get()).body).toEqual(metadata);
  await get();
  expect(requests).toBe(2);
  home.clock.advance(300_000);
  answer = "broken";
  expect((await get()).body).toEqual(metadata);
  expect(requests).toBe(3);
});
