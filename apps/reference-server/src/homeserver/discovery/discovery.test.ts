import { operations } from "@matrix-openapi/definitions/client-server/operations";
import { afterAll, expect, test } from "vitest";
import { readAnswer } from "../../fixtures/call.ts";
import { startHomeserver } from "../fixtures/homeserver.ts";
import { verifySignedJson } from "../../crypto/signing-keys.ts";

const home = await startHomeserver({ wellKnown: { identityServer: "https://identity.example.org" } });

afterAll(() => home[Symbol.asyncDispose]());

test("versions begin where /v3 began and end where the description stands", async () => {
  const { versions } = (await home.call("GET", "/versions")).body;
  expect(versions.at(0)).toBe("v1.1");
  expect(versions.at(-1)).toBe("v1.19");
});

test("well-known names our own servers, or those of the configuration", async () => {
  const response = await fetch(`${home.url}/.well-known/matrix/client`);
  expect(response.headers.get("access-control-allow-origin")).toBe("*");
  expect(await response.json()).toEqual({
    "m.homeserver": { base_url: home.url },
    "m.identity_server": { base_url: "https://identity.example.org" },
  });
});

test("capabilities tell of what is not there", async () => {
  const { access_token: token } = await home.register("alice");
  const { capabilities } = (await home.call("GET", "/v3/capabilities", { token })).body;
  expect(capabilities).toMatchObject({
    "m.change_password": { enabled: true },
    "m.profile_fields": { enabled: true },
  });
});

test("what is not served is M_UNRECOGNIZED", async () => {
  for (const path of ["/r0/login", "/r0/sync", "/v3/nothing"]) {
    expect(await home.call("GET", path)).toMatchObject({ status: 404, body: { errcode: "M_UNRECOGNIZED" } });
  }
  expect(await home.call("PUT", "/v3/login", { body: {} })).toMatchObject({
    status: 405,
    body: { errcode: "M_UNRECOGNIZED" },
  });
});

test("of the whole description, each operation is served, whatever it is asked", async () => {
  const unrecognized: string[] = [];
  for (const { operationId, method, path } of Object.values(operations)) {
    const response = await fetch(home.url + path.replaceAll(/\{\w+\}/g, "%2F"), {
      method,
      redirect: "manual",
      ...(method !== "GET" && { body: "{" }),
    });
    const { status, body } = await readAnswer(response);
    expect(response.headers.get("access-control-allow-origin"), operationId).toBe("*");
    expect(status, operationId).toBeLessThan(500);
    if (body.errcode === "M_UNRECOGNIZED") unrecognized.push(operationId);
  }
  // Its documented answer where the server logs users in by itself.
  expect(unrecognized).toEqual(["getAuthMetadata"]);
});

test("the server's key is published under its own signature", async () => {
  // the shape that the next lines rely on is what they check
  const keys = (await (await fetch(`${home.url}/_matrix/key/v2/server`)).json()) as {
    server_name: string;
    verify_keys: Record<string, { key: string }>;
  };
  const [keyId = "", { key } = { key: "" }] = Object.entries(keys.verify_keys)[0] ?? [];
  expect(keys.server_name).toBe("localhost");
  expect(verifySignedJson(keys, "localhost", keyId, key)).toBe(true);
});
