import type { RenderedPage } from "../html.ts";
import type { ServerApplication } from "../platform.ts";
import { listPage, messageHtml, messagePage } from "./inbox-pages.ts";
import type { InboxMessage, MessageStore } from "./message-store.ts";

/** The inbox's web side: pages for people, `/api/messages` for tests, `/api/sms` as the SMS webhook. */
export function createInboxApplication(store: MessageStore): ServerApplication {
  return {
    async fetch(request) {
      const url = new URL(request.url);
      return refuseStrangers(request, url) ?? (await route(request, url, store));
    },
  };
}

/** A web page elsewhere must neither read mails, by a DNS name of its own that leads here, nor delete them. */
function refuseStrangers(request: Request, url: URL): Response | null {
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (!isLoopback) return fail(403, `the inbox is for this machine: open it as http://127.0.0.1, not ${url.hostname}`);
  const origin = request.headers.get("origin");
  const isCrossOrigin = origin !== null && origin !== url.origin;
  return isCrossOrigin ? fail(403, "other sites have no access to the inbox") : null;
}

async function route(request: Request, url: URL, store: MessageStore): Promise<Response> {
  const [, id, html] = /^\/messages\/(\d+)(\/html)?$/.exec(url.pathname) ?? [];
  if (request.method === "GET" && id !== undefined) return showMessage(store.get(id), html !== undefined);
  switch (`${request.method} ${url.pathname}`) {
    case "GET /":
      return page(listPage(store.list()));
    case "POST /clear":
      store.clear();
      return new Response(null, { status: 303, headers: { location: "/" } });
    case "GET /api/messages":
      return Response.json({ messages: listed(url, store) });
    case "DELETE /api/messages":
      store.clear();
      return Response.json({});
    case "POST /api/sms":
      return receiveSms(request, store);
    default:
      return fail(404, `${request.method} ${url.pathname} is not here; try / or /api/messages?to=ADDRESS`);
  }
}

function showMessage(message: InboxMessage | undefined, asHtml: boolean): Response {
  if (message === undefined) return fail(404, "no such message: it was deleted, or made room for newer ones");
  return page(asHtml ? messageHtml(message) : messagePage(message));
}

function listed(url: URL, store: MessageStore) {
  const to = url.searchParams.get("to");
  return store.list(to === null ? {} : { to });
}

const maximumSmsBytes = 16 * 1024;

async function receiveSms(request: Request, store: MessageStore): Promise<Response> {
  // a page elsewhere can post forms and plain text without asking, but not JSON
  if (request.headers.get("content-type")?.split(";")[0] !== "application/json") {
    return fail(415, "expected application/json");
  }
  if (Number(request.headers.get("content-length") ?? Infinity) > maximumSmsBytes) {
    return fail(413, `expected at most ${maximumSmsBytes} bytes, with their Content-Length`);
  }
  const body: unknown = await request.json().catch(() => null);
  if (!isSms(body)) return fail(400, 'expected {"to": "491701234567", "text": "…"}');
  store.add({ medium: "msisdn", from: "", to: [body.to], subject: "", text: body.text, html: null });
  return Response.json({});
}

function isSms(body: unknown): body is { to: string; text: string } {
  if (typeof body !== "object" || body === null || !("to" in body) || !("text" in body)) return false;
  return typeof body.to === "string" && typeof body.text === "string";
}

function page({ html, headers }: RenderedPage): Response {
  return new Response(html, { headers });
}

function fail(status: number, error: string): Response {
  return Response.json({ error }, { status });
}
