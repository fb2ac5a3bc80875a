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

const asked = new WeakMap<Context, Promise<readonly Opening[]>>();

/** The opening answer of every protected operation, asked for once in a run: several rules read the same answers. */
export function openings(context: Context): Promise<readonly Opening[]> {
  const known = asked.get(context) ?? askAll(context);
  asked.set(context, known);
  return known;
}

/** Those openings that are challenges. Operations that answer otherwise are the business of uia-1 alone. */
export async function openChallenges(context: Context): Promise<readonly OpenChallenge[]> {
  const found: OpenChallenge[] = [];
  for (const opening of await openings(context)) {
    const challenge = readChallenge(opening.answer);
    if (challenge !== null) found.push({ ...opening, challenge });
  }
  if (found.length === 0) throw new NotOffered("no operation asks for user-interactive auth here");
  return found;
}

async function askAll(context: Context): Promise<readonly Opening[]> {
  const answers: Opening[] = [];
  for (const operation of protectedOperations) {
    const send = await operation.prepare(context);
    answers.push({ operation, answer: await send() });
  }
  return answers;
}
