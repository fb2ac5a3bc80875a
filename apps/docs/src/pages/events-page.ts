import { versionBadges } from "../badges.ts";
import { kindTitles } from "../events.ts";
import type { DocumentedEvent } from "../events.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import type { Page } from "../layout.ts";
import { inlineMarkdown } from "../markdown.ts";
import type { Reference } from "../reference.ts";

/** All types of events, by kind. */
export function eventsPage({ events: { events, document } }: Reference): Page {
  return {
    href: "/events/",
    title: "Events",
    description: "Every type of event of the Client-Server API, by kind: what it contains, and how it is sent.",
    content: html`<h1>Events</h1>
      <p class="muted">${events.length} types, as of Matrix v${document.info.version}</p>
      <p>
        An event has a <code>type</code>, which says what is in its <code>content</code>.
        <a href="/formats/#events">What it comes in</a> depends on its kind. Anybody may make up types of their own, so
        that clients must put up with types and contents that they do not know. How all this looks in code is told by
        <a href="/guides/events-in-typescript/">Events in TypeScript</a>.
      </p>
      <nav class="parts" aria-label="Kinds">
        ${Object.entries(kindTitles).map(([kind, title]) => html`<a href="#${kind}">${title}</a> `)}
      </nav>
      ${(Object.keys(kindTitles) as (keyof typeof kindTitles)[]).map(
        // its keys are the kinds
        (kind) =>
          html`<h2 id="${kind}">${kindTitles[kind]}</h2>
            <p>${kindDescriptions[kind]}</p>
            <table class="names">
              <tbody>
                ${events.filter(({ kinds }) => kinds.includes(kind)).map(row)}
              </tbody>
            </table>`,
      )}`,
  };
}

function row({ href, type, schema }: DocumentedEvent): Html {
  return html`<tr>
    <td>
      <a href="${href}"><code>${type}</code></a> ${versionBadges(schema)}
    </td>
    <td>${inlineMarkdown(firstSentence(schema.description ?? ""))}</td>
  </tr>`;
}

function firstSentence(text: string): string {
  return /^.*?\.(?=\s|$)/s.exec(text)?.[0] ?? text;
}

const kindDescriptions: Readonly<Record<keyof typeof kindTitles, string>> = {
  state: "What a room is like. The latest event of a type and state key holds; all of them stand in the timeline, too.",
  message: "What is said and done in a room, one after the other.",
  ephemeral: "What is so for the moment, in a room. It is not kept in the room's history.",
  presence: "Whether users are there, whatever the room.",
  account_data: "What a user's clients keep on the server, for that user alone.",
  room_account_data: "The same, for one room.",
  to_device: "Messages from device to device, past all rooms. A device gets each of them once.",
};
