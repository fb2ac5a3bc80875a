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
  const found = range === null ? whole : readRange(range, size);
  if (found === "unsatisfiable") {
    const { kind, status, body } = error(416, "M_UNKNOWN", `The Range begins after the file's ${size} bytes.`);
    return { kind, status, body, headers: { "Content-Range": `bytes */${size}` } };
  }
  const { start, end } = found ?? { start: 0, end: size };
  const sent = { ...headers, "Accept-Ranges": "bytes", "Content-Length": String(end - start) };
  const body = content.read(start, end);
  if (found === whole) return { status: 200, headers: sent, body };
  return { status: 206, headers: { ...sent, "Content-Range": `bytes ${start}-${end - 1}/${size}` }, body };
}

/** Of what a server need not do, such as several ranges in one answer, the whole file is the answer. */
const whole = null;

function readRange(range: string, size: number): { start: number; end: number } | "unsatisfiable" | typeof whole {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/i.exec(range.replaceAll(" ", "")) ?? [];
  if (first === undefined || last === undefined || first + last === "") return whole;
  if (first === "")
    return last === "0" || size === 0 ? "unsatisfiable" : { start: Math.max(0, size - Number(last)), end: size };
  const start = Number(first);
  if (last !== "" && Number(last) < start) return whole;
  if (start >= size) return "unsatisfiable";
  return { start, end: last === "" ? size : Math.min(Number(last) + 1, size) };
}
