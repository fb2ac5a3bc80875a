import { expect, test } from "vitest";
import type { Exchange } from "./exchange.ts";
import { show, summary } from "./exchange.ts";

test("shows what was sent and found without a secret in it", () => {
  const exchange: Exchange = {
    server: "homeserver",
    method: "POST",
    url: "http://server.test/login?access_token=syt_query_secret_0123&kind=user",
    requestHeaders: { authorization: "Bearer syt_header_secret_0123" },
    requestBody: {
      auth: { password: "pw", session: "session_secret_0123" },
      devices: ["A"],
      list: [{ token: "tok_secret_0123" }],
    },
    status: 200,
    headers: new Headers({
      "content-type": "application/json",
      "set-cookie": "cookie_secret",
      "access-control-allow-origin": "*",
    }),
    text: '{"access_token":"syt_body_secret_0123","user_id":"@a:b"}',
    bytes: new Uint8Array(),
    json: { access_token: "syt_body_secret_0123", user_id: "@a:b" },
  };
  const shown = show(exchange);
  expect(JSON.stringify(shown)).not.toContain("secret");
  expect(shown).toEqual({
    request: "POST http://server.test/login?access_token=syt…(21)&kind=user (authorization: Bearer …)",
    requestBody: { auth: { password: "…", session: "ses…(19)" }, devices: ["A"], list: [{ token: "tok…(15)" }] },
    response: '200 {"access_token":"syt…(20)","user_id":"@a:b"}',
    responseHeaders: { "access-control-allow-origin": "*", "content-type": "application/json" },
  });
});

test("sums up a page on one line", () => {
  const page = { status: 404, text: "<html>\n  <h1>No Such Resource</h1>\n</html>\n", json: undefined };
  expect(summary(page as Exchange)).toBe("404 <html> <h1>No Such Resource</h1> </html>"); // all that it reads
});
