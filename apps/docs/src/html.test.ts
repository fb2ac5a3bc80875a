import { expect, test } from "vitest";
import { html } from "./html.ts";

test("what is no markup is escaped, what is absent leaves nothing", () => {
  const inner = html`<b>${`<"&'>`}</b>`;
  expect(html`<p title="${'a"b'}">${inner}${undefined}${false}${[1, html`<i></i>`]}</p>`.html).toBe(
    '<p title="a&#34;b"><b>&#60;&#34;&#38;&#39;&#62;</b>1<i></i></p>',
  );
});
