import { versionBadges } from "../badges.ts";
import { envelopes, standalone } from "../formats.ts";
import type { Format } from "../formats.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import type { Page } from "../layout.ts";
import { code, markdown } from "../markdown.ts";
import type { Reference } from "../reference.ts";
import { shapeOf } from "../schema-shape.ts";
import { schemaView } from "../schema-view.ts";

/** What has no page of its own: the forms of whole events, and what is encrypted, exported or sent elsewhere. */
export function formatsPage(reference: Reference): Page {
  const outer = envelopes(reference);
  const others = standalone(reference);
  return {
    href: "/formats/",
    title: "Formats",
    description: "The forms of whole events, and what is encrypted, exported or sent to others than homeservers.",
    content: html`<h1>Formats</h1>
      <nav class="parts" aria-label="On this page">
        ${[...outer, ...others].map(({ name }) => html`<a href="#${name}">${name}</a> `)}
      </nav>
      <h2 id="events">Whole events</h2>
      <p>What the <a href="/events/">contents of events</a> come in.</p>
      ${outer.map(formatView)}
      <h2 id="others">Beside the APIs</h2>
      <p>What no request shows, because it is encrypted, exported to a file or sent to another server.</p>
      ${others.map(formatView)}`,
  };
}

function formatView({ name, document }: Format): Html {
  const schema = { $ref: `#/components/schemas/${name}` };
  const { description = "", examples = [], ...versions } = shapeOf(document, schema);
  return html`<section class="response">
    <h3 id="${name}"><a class="anchor" href="#${name}">${name}</a> ${versionBadges(versions)}</h3>
    ${markdown(description)} ${schemaView(document, schema)}
    ${examples.slice(0, 1).map((example) => code(JSON.stringify(example, null, 2), "json"))}
  </section>`;
}
