import { expect, test } from "vitest";
import type { Exchange } from "../exchange.ts";
import { readForm } from "./fallback-page.ts";

test("sends a form as a person would who ticks every box and presses the first button", () => {
  const form = readForm(
    page(`<form method="post" action="/submit?a=1&amp;b=2"><input type=hidden name=session value='x &quot;y&quot;'>
      <input name="agree" type="checkbox"><button name="go" value="yes">Go</button><button name="no">No</button></form>`),
  );
  expect(form?.method).toBe("POST");
  expect(form?.url).toBe("http://server.test/submit?a=1&b=2");
  expect([...(form?.fields ?? [])]).toEqual([
    ["session", 'x "y"'],
    ["agree", "on"],
    ["go", "yes"],
  ]);
});

test("sends a form without an action to the page itself", () => {
  expect(readForm(page("<form></form>"))).toMatchObject({ method: "GET", url: "http://server.test/page?session=s" });
});

test("says where there is none", () => {
  expect(readForm(page("<p>Nothing</p>"))).toBeNull();
});

function page(text: string): Exchange {
  const url = "http://server.test/page?session=s";
  const request = { server: "homeserver", method: "GET", url, requestHeaders: {}, requestBody: undefined } as const;
  return {
    ...request,
    status: 200,
    headers: new Headers(),
    text,
    bytes: new TextEncoder().encode(text),
    json: undefined,
  };
}
