import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import json from "highlight.js/lib/languages/json";
import typescript from "highlight.js/lib/languages/typescript";
import { Marked } from "marked";
import { renderMermaidSVG } from "beautiful-mermaid";
import { html, raw } from "./html.ts";
import type { Html } from "./html.ts";

hljs.registerLanguage("bash", bash);
hljs.registerLanguage("json", json);
hljs.registerLanguage("typescript", typescript);

const marked = new Marked({
  // What looks like an address is one of the examples', so only what is written as a link becomes one.
  tokenizer: { url: () => undefined },
  renderer: {
    code: ({ text, lang }) => (lang === "mermaid" ? diagram(text) : code(text, lang ?? "")).html,
    heading({ tokens, depth, text }) {
      return `<h${depth} id="${anchor(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
    },
  },
});

/** Renders the Markdown of descriptions and guides. Both are written in this repository, so HTML in them is trusted. */
export function markdown(text: string): Html {
  return raw(marked.parse(text, { async: false }));
}

/** Renders Markdown that stands inside a line: no paragraph around it. */
export function inlineMarkdown(text: string): Html {
  return raw(marked.parseInline(text, { async: false }));
}

/** What Markdown says without its marks, for places that take no markup. */
export function plainText(text: string): string {
  return text
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/[`*]/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** A highlighted block of code with a button that copies it. */
export function code(text: string, language: string): Html {
  const known = hljs.getLanguage(language) !== undefined;
  const body = known ? raw(hljs.highlight(text, { language }).value) : text;
  return html`<div class="code">
    <button class="copy" type="button">Copy</button>
    <pre tabindex="0"><code>${body}</code></pre>
  </div>`;
}

function diagram(source: string): Html {
  const title = /^\s*title\s+(.+)$/m.exec(source)?.[1] ?? "Diagram";
  const svg = renderMermaidSVG(widen(source.replace(/^\s*title\s+.+$/m, "")), { bg: "var(--page)", fg: "var(--text)" })
    // The renderer asks for a web font; the page has its own and must not call out.
    .replace(/@import url\([^)]*\);/, "")
    .replace(/font-family: 'Inter', /, "font-family: ")
    .replace("<svg ", `<svg role="img" aria-label="${title.replaceAll('"', "'")}" `);
  return html`<figure class="diagram">
    ${raw(svg)}
    <figcaption>${title}</figcaption>
  </figure>`;
}

/** The renderer sets columns as far apart as the participants' names are wide, so room for long messages is made there. */
function widen(source: string): string {
  const margin = "\u2003".repeat(9);
  // The invisible separators keep the margins from being trimmed.
  return source.replace(/^(\s*participant \S+ as )(.+)$/gm, `$1\u2063${margin}$2${margin}\u2063`);
}

function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
}
