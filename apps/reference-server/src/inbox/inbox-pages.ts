import { html, renderPage } from "../html.ts";
import type { RenderedPage } from "../html.ts";
import type { InboxMessage } from "./message-store.ts";

/** The list, newest first; it reloads by itself. */
export function listPage(messages: readonly InboxMessage[]): RenderedPage {
  const rows = messages.map(
    (message) =>
      html`<tr>
        <td>${new Date(message.receivedAt).toISOString().slice(11, 19)}</td>
        <td>${message.to.join(", ")}</td>
        <td><a href="/messages/${message.id}">${message.subject || message.text.slice(0, 80)}</a></td>
      </tr> `,
  );
  const table = html`<table>
      <thead>
        <tr>
          <th>Time (UTC)</th>
          <th>To</th>
          <th>Message</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
    <form method="post" action="/clear">
      <p><button>Delete all</button></p>
    </form>`;
  const empty = html`<p>Nothing yet. Mails and text messages that the servers send arrive here.</p>`;
  const page = renderPage({
    title: "Inbox",
    body: html`<h1>Inbox</h1>
      ${messages.length === 0 ? empty : table}`,
  });
  return { ...page, headers: { ...page.headers, refresh: "5" } };
}

/** One message: its text, its links to click, and its HTML in a frame that may do nothing. */
export function messagePage(message: InboxMessage): RenderedPage {
  const links = message.links.map((link) => html`<li><a href="${link}" rel="noreferrer noopener">${link}</a></li> `);
  const frame = html`<h2>HTML</h2>
    <iframe sandbox="" src="/messages/${message.id}/html" title="The message as HTML"></iframe>`;
  return renderPage({
    title: message.subject || "Text message",
    allow: { "frame-src": "'self'" },
    body: html`<p><a href="/">Inbox</a></p>
      <h1>${message.subject || "Text message"}</h1>
      <p>From ${message.from || "the server"} to ${message.to.join(", ")}</p>
      <pre>${message.text}</pre>
      ${
        links.length === 0
          ? ""
          : html`<h2>Links</h2>
              <ul>
                ${links}
              </ul>`
      }
      ${message.html === null ? "" : frame}`,
  });
}

/** A stranger's HTML: no script, no request, no way out of its frame, also when it is opened by itself. */
export function messageHtml(message: InboxMessage): RenderedPage {
  return {
    html: message.html ?? "",
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy":
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    },
  };
}
