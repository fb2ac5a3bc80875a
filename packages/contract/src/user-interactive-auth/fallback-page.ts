import type { Exchange } from "../exchange.ts";
import type { Http } from "../http.ts";
import { resolveUrl } from "../http.ts";

interface Form {
  readonly method: string;
  readonly url: string;
  readonly fields: URLSearchParams;
}

/** The form of a page as a person would send it who ticks every box and presses its first button; null without one. */
export function readForm(page: Exchange): Form | null {
  const found = /<form\b([^>]*)>([\s\S]*?)<\/form>/i.exec(page.text);
  if (found === null) return null;
  const form = attributesOf(found[1] ?? "");
  const fields = new URLSearchParams();
  let pressed = false;
  for (const [, tag, text] of (found[2] ?? "").matchAll(/<(input|button)\b([^>]*)>/gi)) {
    const input = attributesOf(text ?? "");
    const name = input.get("name");
    const isButton = tag?.toLowerCase() === "button" || input.get("type")?.toLowerCase() === "submit";
    if (isButton && pressed) continue;
    pressed ||= isButton;
    if (name !== undefined) fields.set(name, input.get("value") ?? (isButton ? "" : "on"));
  }
  return {
    method: (form.get("method") ?? "GET").toUpperCase(),
    url: resolveUrl(form.get("action") ?? "", page.url).href,
    fields,
  };
}

/** Sends a form as the page's own site would. */
export function sendForm(http: Http, page: Exchange, { method, url, fields }: Form): Promise<Exchange> {
  if (method === "GET") return http.get(`${url.split("?")[0]}?${fields}`);
  return http.send(method, url, {
    headers: { "content-type": "application/x-www-form-urlencoded", origin: new URL(page.url).origin },
    body: fields.toString(),
  });
}

/** Every script of a page, those in files of their own included. */
export async function scriptsOf(http: Http, page: Exchange): Promise<string> {
  const parts = [page.text];
  for (const [, text] of page.text.matchAll(/<script\b([^>]*)>/gi)) {
    const source = attributesOf(text ?? "").get("src");
    if (source !== undefined) parts.push((await http.get(resolveUrl(source, page.url).href)).text);
  }
  return parts.join("\n");
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name, double, single, bare] of text.matchAll(
    /([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g,
  )) {
    if (name !== undefined) attributes.set(name.toLowerCase(), unescaped(double ?? single ?? bare ?? ""));
  }
  return attributes;
}

function unescaped(text: string): string {
  return text
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&#x2F;", "/")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}
