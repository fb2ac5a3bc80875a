/** The two servers a run talks to; `link` is any other URL a server handed out (a mail's link, a terms page). */
export type ServerRole = "homeserver" | "identity" | "link";

/** One request and its answer, as observed on the wire; everything a check judges. */
export interface Exchange {
  readonly server: ServerRole;
  readonly method: string;
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** The JSON value sent, a string where the body was sent as it is, or undefined without a body. */
  readonly requestBody: unknown;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as it came, for what is no text. */
  readonly bytes: Uint8Array;
  /** The parsed body; undefined where the body is not JSON. */
  readonly json: unknown;
}

/** The answer in a few words, for the "found" side of a violation. */
export function summary(exchange: Exchange): string {
  const text =
    exchange.json === undefined
      ? exchange.text.replaceAll(/\s+/g, " ").trim()
      : JSON.stringify(redactValue(exchange.json));
  const body = text.length > 600 ? `${text.slice(0, 600)}…` : text;
  return `${exchange.status} ${body === "" ? "(empty body)" : body}`;
}

/** An exchange as it may be shown to people: the same, with every secret shortened beyond use. */
export interface ShownExchange {
  readonly request: string;
  readonly requestBody: unknown;
  readonly response: string;
  readonly responseHeaders: Readonly<Record<string, string>>;
}

/** Reports are pasted into public issues, so nothing that opens an account may be in them. */
export function show(exchange: Exchange): ShownExchange {
  const authorization = exchange.requestHeaders["authorization"];
  return {
    request:
      `${exchange.method} ${redactUrl(exchange.url)}` +
      (authorization === undefined ? "" : ` (authorization: ${authorization.split(" ")[0] ?? ""} …)`),
    requestBody: redactValue(exchange.requestBody),
    response: summary(exchange),
    responseHeaders: Object.fromEntries(
      [...exchange.headers].filter(([name]) => shownHeaders.has(name) || name.startsWith("access-control-")),
    ),
  };
}

const shownHeaders = new Set(["content-type", "location", "retry-after", "allow"]);

const secretKeys = new Set([
  "access_token",
  "client_secret",
  "id_access_token",
  "login_token",
  "new_password",
  "password",
  "private_key",
  "refresh_token",
  "response",
  "session",
  "token",
]);

function redactValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return `(${value.length} bytes)`;
  if (Array.isArray(value)) return value.map(redactValue);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      secretKeys.has(key) && typeof inner === "string" ? shorten(inner) : redactValue(inner),
    ]),
  );
}

function redactUrl(text: string): string {
  const { origin, pathname, searchParams } = new URL(text);
  const query = Array.from(searchParams, ([key, value]) =>
    secretKeys.has(key) ? `${key}=${shorten(value)}` : `${key}=${encodeURIComponent(value)}`,
  );
  return query.length === 0 ? `${origin}${pathname}` : `${origin}${pathname}?${query.join("&")}`;
}

// Two values can still be told apart in a report, but neither can be used.
function shorten(secret: string): string {
  return secret.length < 12 ? "…" : `${secret.slice(0, 3)}…(${secret.length})`;
}
