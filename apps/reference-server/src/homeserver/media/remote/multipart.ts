import { MIMEType } from "node:util";

/** A part of a body of several, with its own headers: RFC 2046, section 5.1. */
export interface BodyPart {
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

/** The parts of a multipart body; undefined where it is none, or not whole. */
export function readMultipart(contentType: string, body: Uint8Array): BodyPart[] | undefined {
  const boundary = boundaryIn(contentType);
  if (boundary === undefined) return undefined;
  const delimiter = `\r\n--${boundary}`;
  const bytes = Buffer.concat([Buffer.from("\r\n"), body]); // as if what stands before the first part had ended
  const parts: BodyPart[] = [];
  for (let at = bytes.indexOf(delimiter); at !== -1;) {
    const start = at + delimiter.length;
    if (bytes.toString("latin1", start, start + 2) === "--") return parts;
    at = bytes.indexOf(delimiter, start);
    const headersEnd = bytes.indexOf("\r\n\r\n", start);
    if (headersEnd === -1 || headersEnd + 4 > at) return undefined;
    const headers = readHeaders(bytes.toString("latin1", start, headersEnd));
    if (headers === undefined) return undefined;
    parts.push({ headers, bytes: bytes.subarray(headersEnd + 4, at) });
  }
  return undefined;
}

function boundaryIn(contentType: string): string | undefined {
  try {
    const { type, params } = new MIMEType(contentType);
    return type === "multipart" ? (params.get("boundary") ?? undefined) : undefined;
  } catch {
    return undefined;
  }
}

/** What stands between a delimiter and the body; the rest of the delimiter's own line is blank. */
function readHeaders(text: string): Headers | undefined {
  const [rest = "", ...lines] = text.split("\r\n");
  if (rest.trim() !== "") return undefined;
  const headers = new Headers();
  for (const line of lines) {
    const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):([^\0\r\n]*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return undefined;
    headers.append(name, value);
  }
  return headers;
}
