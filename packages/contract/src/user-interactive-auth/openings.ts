import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { NotOffered } from "../outcome.ts";
import { type Challenge, readChallenge } from "./challenge.ts";
import { protectedOperations, type ProtectedOperation } from "./operations.ts";

/** What a protected operation answered when it was asked for without `auth`. */
export interface Opening {
  readonly operation: ProtectedOperation;
  readonly answer: Exchange;
}

export interface OpenChallenge extends Opening {
  readonly challenge: Challenge;
}

const asked = new WeakMap<Context, Map<ProtectedOperation, Promise<Opening>>>();

/** The opening answer of an operation, asked for once in a run: several rules read the same answers. */
export function openingOf(context: Context, operation: ProtectedOperation): Promise<Opening> {
  const known = asked.get(context) ?? new Map<ProtectedOperation, Promise<Opening>>();
  asked.set(context, known);
  const opening = known.get(operation) ?? ask(context, operation);
  known.set(operation, opening);
  return opening;
}

/** Those openings that are challenges. Operations that answer otherwise are the business of uia-1 alone. */
export async function openChallenges(context: Context): Promise<readonly OpenChallenge[]> {
  const found: OpenChallenge[] = [];
  for (const operation of protectedOperations) {
    const opening = await openingOf(context, operation);
    const challenge = readChallenge(opening.answer);
    if (challenge !== null) found.push({ ...opening, challenge });
  }
  if (found.length === 0) throw new NotOffered("no operation asks for user-interactive auth here");
  return found;
}

async function ask(context: Context, operation: ProtectedOperation): Promise<Opening> {
  const send = await operation.prepare(context);
  return { operation, answer: await send() };
}
