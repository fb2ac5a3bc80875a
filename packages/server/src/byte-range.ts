import type { OutgoingResponse } from "./api.ts";
import { error } from "./results.ts";
import type { FileContent, JsonResult } from "./results.ts";

/** A file as the body of an answer: all of it, or the part that a Range asks for (RFC 9110, section 14). */
export function sendFile(
  content: FileContent,
  headers: Readonly<Record<string, string>>,
  range: string | null,
): OutgoingResponse | JsonResult {
  const { size } = content;
  const part = range === null ? undefined : readRange(range, size);
  const { start, end } = part ?? { start: 0, end: size };
  if (part !== undefined && start >= end) {
    const { kind, status, body } = error(416, "M_UNKNOWN", `The Range has none of the file's ${size} bytes.`);
    return { kind, status, body, headers: { "Content-Range": `bytes */${size}` } };
  }
  const sent = { ...headers, "Accept-Ranges": "bytes", "Content-Length": String(end - start) };
  const body = content.read(start, end);
  if (part === undefined) return { status: 200, headers: sent, body };
  return { status: 206, headers: { ...sent, "Content-Range": `bytes ${start}-${end - 1}/${size}` }, body };
}

/** Nothing for what a server need not do, such as several ranges in one answer: then the whole file is the answer. */
function readRange(range: string, size: number): { start: number; end: number } | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/i.exec(range.replaceAll(" ", "")) ?? [];
  if (first === undefined || last === undefined || first + last === "") return undefined;
  if (first === "") return { start: Math.max(0, size - Number(last)), end: size };
  if (last !== "" && Number(last) < Number(first)) return undefined;
  return { start: Number(first), end: last === "" ? size : Math.min(Number(last) + 1, size) };
}
