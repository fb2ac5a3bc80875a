/** Header fields that a handler adds to its answer. */
export type ResultHeaders = Readonly<Record<string, string>>;

/** An answer with a JSON body; `Status` and `Body` are what the operation's description is checked against. */
export interface JsonResult<Status extends number = number, Body = unknown> {
  readonly kind: "json";
  readonly status: Status;
  readonly body: Body;
  readonly headers?: ResultHeaders;
}

/** A page for a person, such as a fallback page. */
export interface HtmlResult<Status extends number = number> {
  readonly kind: "html";
  readonly status: Status;
  readonly body: string | Uint8Array;
  readonly headers?: ResultHeaders;
}

/** A redirect to `location`. */
export interface RedirectResult<Status extends number = number> {
  readonly kind: "redirect";
  readonly status: Status;
  readonly location: string;
  readonly headers?: ResultHeaders;
}

/** Bytes that can be read from any place on, such as those of a file. */
export interface FileContent {
  /** In bytes. */
  readonly size: number;
  /** From `start` to before `end`. */
  read(start: number, end: number): ReadableStream<Uint8Array>;
}

/** Bytes of a media type of their own. Of a {@link FileContent} a request gets the range that it asks for. */
export interface BinaryResult<Status extends number = number> {
  readonly kind: "binary";
  readonly status: Status;
  readonly contentType: string;
  readonly body: Uint8Array | ReadableStream<Uint8Array> | FileContent;
  readonly headers?: ResultHeaders;
}

/** Whatever a handler may return. */
export type Result = JsonResult | HtmlResult | RedirectResult | BinaryResult;

/** The standard error response (https://spec.matrix.org/v1.19/client-server-api/#standard-error-response). */
export type ErrorBody<Errcode extends string = string, Extra = unknown> = {
  readonly errcode: Errcode;
  readonly error: string;
} & Extra;

/** The operation's success: status 200. */
export function ok<Body>(body: Body, headers?: ResultHeaders): JsonResult<200, Body> {
  return respond(200, body, headers);
}

/** Any declared status with its JSON body. */
export function respond<const Status extends number, Body>(
  status: Status,
  body: Body,
  headers?: ResultHeaders,
): JsonResult<Status, Body> {
  return headers === undefined ? { kind: "json", status, body } : { kind: "json", status, body, headers };
}

/**
 * A standard error. Without a message the code itself is spelled out (`M_USER_IN_USE` → "User in use"); `extraFields`
 * are what some codes carry beside it, such as `retry_after_ms`.
 */
export function error<const Status extends number, const Errcode extends string, Extra extends object = object>(
  status: Status,
  errcode: Errcode,
  message?: string,
  extraFields?: Extra,
): JsonResult<Status, ErrorBody<Errcode, Extra>> {
  const body = { errcode, error: message ?? spelledOut(errcode), ...extraFields };
  return { kind: "json", status, body: body as ErrorBody<Errcode, Extra> }; // the spread of an absent Extra is {}
}

/** Sends the browser on to `location`, which must be an absolute URL. */
export function redirect<const Status extends 302 | 303 | 307 | 308>(
  status: Status,
  location: string,
  headers: ResultHeaders = {},
): RedirectResult<Status> {
  return { kind: "redirect", status, location, headers };
}

/** An HTML page; a Content-Security-Policy belongs into `headers`. */
export function html<const Status extends number>(
  status: Status,
  body: string | Uint8Array,
  headers: ResultHeaders = {},
): HtmlResult<Status> {
  return { kind: "html", status, body, headers };
}

/** Bytes, whole, streamed or in a file, of the given media type. */
export function binary<const Status extends number>(
  status: Status,
  contentType: string,
  body: BinaryResult["body"],
  headers: ResultHeaders = {},
): BinaryResult<Status> {
  return { kind: "binary", status, contentType, body, headers };
}

function spelledOut(errcode: string): string {
  const words = errcode.replace(/^M_/, "").replaceAll("_", " ").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
