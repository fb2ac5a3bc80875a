import { describeFault } from "../validation-faults.ts";
import type { UiaRefusal } from "./challenge.ts";
import type { UiaRequestFacts } from "./authorise.ts";
import type { UiaEngine } from "./engine.ts";
import { nextStages } from "./flows.ts";
import type { UiaSession } from "./session.ts";
import type { UiaAttempt, UiaAttemptOutcome } from "./stages.ts";

/** Evaluates one attempt at a stage that the session has not completed. */
export async function attemptStage<Tx>(
  engine: UiaEngine<Tx>,
  facts: UiaRequestFacts,
  session: UiaSession,
  auth: Readonly<Record<string, unknown>>,
): Promise<UiaAttemptOutcome> {
  const { validators, user, incoming } = facts;
  if (validators.auth !== undefined && !validators.auth(auth)) {
    const { kind, message } = describeFault(validators.auth, auth, "auth");
    return refused(kind === "missing" ? "M_MISSING_PARAM" : "M_BAD_JSON", message);
  }
  const attempted = auth as UiaAttempt["auth"]; // by the validator, and the session is a string
  const next = nextStages(session);
  if (!next.has(attempted.type)) {
    return refused("M_UNAUTHORIZED", `This stage is not the next of any flow: complete ${[...next].join(" or ")}.`);
  }
  const stage = engine.stages[attempted.type];
  if (stage === undefined) {
    return refused("M_UNRECOGNIZED", "This stage is completed on its fallback page: then send the session alone.");
  }
  const outcome = await stage({
    auth: attempted,
    session,
    params: (session.params[attempted.type] ?? {}) as UiaAttempt["params"], // each of the params is an object
    user,
    remoteAddress: incoming.remoteAddress,
    get signal() {
      return incoming.signal;
    },
  });
  if ("ok" in outcome && outcome.ok && outcome.userId !== undefined && provesAnother(session, outcome.userId)) {
    return refused("M_FORBIDDEN", "These are not the credentials of the account that this request is about.");
  }
  return outcome;
}

/** Whether a credential belongs to another account than the token, or than an earlier stage has shown. */
export function provesAnother(session: UiaSession, userId: string): boolean {
  const known = session.userId ?? session.completed.find((stage) => stage.userId !== null)?.userId ?? userId;
  return known !== userId;
}

function refused(errcode: string, error: string): UiaRefusal & { readonly ok: false } {
  return { ok: false, errcode, error };
}
