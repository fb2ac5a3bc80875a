import type { Exchange } from "../exchange.ts";
import type { JsonObject } from "../json.ts";
import { NotOffered } from "../outcome.ts";
import type { Challenge } from "./challenge.ts";
import { readChallenge } from "./challenge.ts";

/** One operation, ready to be sent any number of times with other auth data. */
export type Send = (auth?: JsonObject) => Promise<Exchange>;

/** Makes the auth data of one stage, after whatever it takes to earn it (reading a mail, asking for a token). */
type StageSolver = (challenge: Challenge) => Promise<JsonObject>;
export type StageSolvers = Readonly<Record<string, StageSolver>>;

interface Step {
  readonly stage: string;
  readonly auth: JsonObject;
  readonly answer: Exchange;
}

/** How far a flow was walked: to `last`, which is the operation's own result where all went well. */
export interface Walk {
  readonly flows: readonly (readonly string[])[];
  readonly flow: readonly string[];
  readonly opening: Exchange;
  readonly steps: readonly Step[];
  readonly last: Exchange;
}

interface WalkOptions {
  /** Which of the flows that can be solved to take; the last one where there are fewer. */
  readonly which?: number;
  /** The answer that opened the authentication, where it is not to be opened anew. */
  readonly opening?: Exchange;
}

/** Walks a flow stage by stage. It stops where the answer no longer is a challenge with that stage completed. */
export async function walkFlow(send: Send, solvers: StageSolvers, options: WalkOptions = {}): Promise<Walk> {
  const opening = options.opening ?? (await send());
  const challenge = readChallenge(opening);
  if (challenge === null) return { flows: [], flow: [], opening, steps: [], last: opening };
  const { flows } = challenge;
  const flow = solvableFlow(flows, solvers, options.which ?? 0);
  const steps = await walkStages(send, solvers, challenge, flow);
  return { flows, flow, opening, steps, last: steps.at(-1)?.answer ?? opening };
}

/** Sends these stages of a flow one after the other; stops where one of them is not completed. */
export async function walkStages(
  send: Send,
  solvers: StageSolvers,
  opening: Challenge,
  stages: readonly string[],
): Promise<readonly Step[]> {
  const steps: Step[] = [];
  let challenge: Challenge | null = opening;
  for (const stage of stages) {
    if (challenge === null || (steps.length > 0 && !challenge.completed.includes(steps.at(-1)?.stage ?? ""))) break;
    const auth = withSession(await solverOf(stage, solvers)(challenge), challenge.session);
    const answer = await send(auth);
    steps.push({ stage, auth, answer });
    challenge = readChallenge(answer);
  }
  return steps;
}

/** Auth data with the session, which has to be sent back exactly where one was given. */
export function withSession(auth: JsonObject, session: string | undefined): JsonObject {
  return session === undefined ? auth : { ...auth, session };
}

function solvableFlow(flows: readonly (readonly string[])[], solvers: StageSolvers, which: number): readonly string[] {
  const solvable = flows.filter((flow) => flow.every((stage) => Object.hasOwn(solvers, stage)));
  const chosen = solvable[Math.min(which, solvable.length - 1)];
  if (chosen !== undefined) return chosen;
  const offered = flows.map((flow) => `[${flow.join(", ")}]`).join(" or ");
  throw new NotOffered(
    `none of the offered flows can be walked with what this run was given: ${offered}; it can do ${Object.keys(solvers).join(", ")}`,
  );
}

function solverOf(stage: string, solvers: StageSolvers): StageSolver {
  const solver = solvers[stage];
  if (solver === undefined) throw new NotOffered(`stage ${stage} cannot be solved with what this run was given`);
  return solver;
}
