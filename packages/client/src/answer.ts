import type { ParseAs } from "./result.ts";
import { UnreadableBody } from "./unreadable-body.ts";
import { isUserInteractive } from "./user-interactive-challenge.ts";

/**
 * Reads a response into a result. What parses as JSON is taken whatever its `Content-Type` says, since discovery files
 * often come without the right one; what does not is told apart from an answer of the operation.
 */
export async function readAnswer(
  operation: string,
  response: Response,
  parseAs: ParseAs | undefined,
  signal: AbortSignal | null | undefined,
): Promise<unknown> {
  const { status, ok } = response;
  if (response.type === "opaqueredirect" || (status >= 300 && status < 400)) {
    await response.body?.cancel();
    return { ok: false, kind: "redirect", status, location: response.headers.get("location"), response };
  }

  let text = "";
  try {
    if (ok && parseAs !== undefined) {
      const data = parseAs === "stream" ? response.body : await response[parseAs]();
      return { ok, status, data, response };
    }
    text = await response.text();
    const body: unknown = JSON.parse(text);
    if (ok ? isJsonObject(body) : isMatrixError(body)) {
      return ok ? { ok, status, data: body, response } : { ok, kind: "error", status, error: body, response };
    }
    return unreadable();
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    return unreadable(cause);
  }

  function unreadable(cause?: unknown) {
    const expected = ok ? (parseAs ?? "a JSON object") : "a Matrix error, a JSON object with an errcode,";
    return {
      ok: false,
      kind: "unreadable",
      status: 0,
      cause: new UnreadableBody(operation, response, expected, text, cause),
      response,
    };
  }
}

// Arrays as well: some operations answer with one.
function isJsonObject(body: unknown): body is object {
  return typeof body === "object" && body !== null;
}

function isMatrixError(body: unknown): boolean {
  return isJsonObject(body) && (("errcode" in body && typeof body.errcode === "string") || isUserInteractive(body));
}
