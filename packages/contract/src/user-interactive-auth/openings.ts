import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { oncePerRun } from "../once-per-run.ts";
import { NotOffered } from "../outcome.ts";
import type { Challenge } from "./challenge.ts";
import { readChallenge } from "./challenge.ts";
import type { ProtectedOperation } from "./operations.ts";
import { protectedOperations } from "./operations.ts";

/** What a protected operation answered when it was asked for without `auth`. */
interface Opening {
  readonly operation: ProtectedOperation;
  readonly answer: Exchange;
}

interface OpenChallenge extends Opening {
  readonly challenge: Challenge;
}

/** Asks for the opening answer of each operation, once in a run: several rules read the same answers. */
export const openings: readonly ((context: Context) => Promise<Opening>)[] = protectedOperations.map((operation) =>
  oncePerRun(async (context) => {
    const send = await operation.prepare(context);
    return { operation, answer: await send() };
  }),
);

/** Those openings that are challenges. Operations that answer otherwise are the business of uia-1 alone. */
export async function openChallenges(context: Context): Promise<readonly OpenChallenge[]> {
  const found: OpenChallenge[] = [];
  for (const openingOf of openings) {
    const opening = await openingOf(context);
    const challenge = readChallenge(opening.answer);
    if (challenge !== null) found.push({ ...opening, challenge });
  }
  if (found.length === 0) throw new NotOffered("no operation asks for user-interactive auth here");
  return found;
}
