import { respond } from "../results.ts";
import { UiaAnswer } from "./answer.ts";
import type { JsonValue, UiaSession } from "./session.ts";

/** Why an attempt did not count. */
export interface UiaRefusal {
  readonly errcode: string;
  readonly error: string;
}

/**
 * The 401 that tells how far a session has come, after a failed attempt with its reason, and for a stage of several
 * requests with the keys of that stage.
 * https://spec.matrix.org/v1.19/client-server-api/#user-interactive-api-in-the-rest-api
 */
export function challenge(
  session: UiaSession,
  refusal?: UiaRefusal,
  extra?: Readonly<Record<string, JsonValue>>,
): UiaAnswer {
  const completed = session.completed.map(({ type }) => type);
  return new UiaAnswer(
    respond(401, {
      ...extra,
      flows: session.flows,
      params: session.params,
      session: session.id,
      ...(completed.length > 0 && { completed }),
      ...(refusal !== undefined && { errcode: refusal.errcode, error: refusal.error }),
    }),
  );
}
