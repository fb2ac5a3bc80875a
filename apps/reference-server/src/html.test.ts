import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { field, html, renderPage } from "./html.ts";

test("values are escaped in text and attributes, lists joined, and HTML of our own passes", () => {
  const evil = `"><script>'&`;
  const items = [1, 2].map((item) => html`<b>${item}</b>`);
  expect(html`<a title="${evil}">${evil}${items}</a>`.text).toBe(
    '<a title="&quot;&gt;&lt;script&gt;&#39;&amp;">&quot;&gt;&lt;script&gt;&#39;&amp;<b>1</b><b>2</b></a>',
  );
});

test("a field is required unless it says otherwise, and its attributes are escaped", () => {
  expect(field("A & B", { name: "a", value: '"' }).text).toContain(
    'A &amp; B<br /><input required name="a" value="&quot;" />',
  );
  expect(field("C", { name: "c", required: false }).text).toContain('<input name="c" />');
});

test("a page's policy allows its own style and script by their hashes, what is asked for, and nothing else", () => {
  const bare = renderPage({ title: "</title><script>", body: html`` });
  expect(bare.html).toContain("<title>&lt;/title&gt;&lt;script&gt;</title>");
  expect(bare.headers["content-security-policy"]).toBe(
    `default-src 'none'; style-src ${hashOf(bare.html, "style")}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  );
  const rich = renderPage({
    title: "t",
    body: html``,
    script: "window.close()",
    allow: { "script-src": "https://captcha.test/", "frame-src": "https://captcha.test", "frame-ancestors": "'self'" },
  });
  expect(rich.headers["content-security-policy"]).toContain(
    `frame-ancestors 'self'; script-src ${hashOf(rich.html, "script")} https://captcha.test/; frame-src https://captcha.test`,
  );
});

/** Of the inline element as a browser would hash it. */
function hashOf(page: string, element: string): string {
  const [, content = ""] = new RegExp(`<${element}>(.*)</${element}>`, "s").exec(page) ?? [];
  return `'sha256-${createHash("sha256").update(content).digest("base64")}'`;
}
