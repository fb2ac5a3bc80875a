/**
 * matrix-js-sdk sends `send_attempt` to identity servers as a string, and identity servers have always taken it; what
 * is no number all the same is left for the validation to refuse.
 */
export function mendSendAttempt(_operationId: string, body: Record<string, unknown>): void {
  const attempt = body["send_attempt"];
  if (typeof attempt === "string" && /^\d{1,15}$/.test(attempt)) body["send_attempt"] = Number(attempt);
}
