import { createHash } from "node:crypto";
import { html as htmlResult } from "@matrix-openapi/server";
import type { HtmlResult } from "@matrix-openapi/server";

/** Text that is HTML already; only `html` makes it. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type HtmlPart = Html | string | number | readonly HtmlPart[];

/** A template whose values are escaped, in text and in quoted attributes, unless they are Html themselves. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlPart[]): Html {
  return new Html(strings.map((string, i) => string + (i < values.length ? render(values[i] ?? "") : "")).join(""));
}

/** A line of a form: an input, required unless it says otherwise, under its label. */
export function field(label: string, attributes: Readonly<Record<string, string | boolean>>): Html {
  const written = Object.entries({ required: true, ...attributes })
    .filter(([, value]) => value !== false)
    .map(([name, value]) => (value === true ? html` ${name}` : html` ${name}="${String(value)}"`));
  return html`<p>
    <label>${label}<br /><input${written} /></label>
  </p> `;
}

export interface Page {
  readonly title: string;
  readonly body: Html;
  /** Inline script, allowed by its hash. Our own text only: nothing from outside belongs into it. */
  readonly script?: string;
  /** Further sources by CSP directive: `{ "frame-src": "'self'" }`. */
  readonly allow?: Readonly<Record<string, string>>;
}

export interface RenderedPage {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A whole page under a Content-Security-Policy that allows what is written here and nothing else. */
export function renderPage({ title, body, script, allow = {} }: Page): RenderedPage {
  const policy: Record<string, string> = {
    "default-src": "'none'",
    "style-src": hashOf(style),
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
  };
  if (script !== undefined) policy["script-src"] = hashOf(script);
  for (const [directive, sources] of Object.entries(allow)) {
    policy[directive] = [policy[directive], sources]
      .filter((part) => part !== undefined && part !== "'none'")
      .join(" ");
  }
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${new Html(`<style>${style}</style>`)}
      </head>
      <body>
        <main>${body}</main>
        ${script === undefined ? "" : new Html(`<script>${script}</script>`)}
      </body>
    </html> `;
  return {
    html: document.text,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": Object.entries(policy)
        .map((entry) => entry.join(" "))
        .join("; "),
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    },
  };
}

/** A page as an answer. */
export function pageResult<const Status extends number>(status: Status, page: Page): HtmlResult<Status> {
  const rendered = renderPage(page);
  const { "content-type": _setByResult, ...headers } = rendered.headers;
  return htmlResult(status, rendered.html, headers);
}

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; }
main { max-width: 44rem; margin: 0 auto; padding: 2rem 1rem; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid #8884; vertical-align: top; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 1rem; background: #8881; }
iframe { width: 100%; height: 24rem; border: 1px solid #8884; background: #fff; }
input, button { font: inherit; padding: .4rem .8rem; }
.error { color: #c22; }
`;

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

function render(part: HtmlPart): string {
  if (part instanceof Html) return part.text;
  if (typeof part === "string" || typeof part === "number") return escape(String(part));
  return part.map(render).join("");
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
