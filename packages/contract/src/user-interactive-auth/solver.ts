import type { Exchange } from "../exchange.ts";
import type { JsonObject } from "../json.ts";
import { NotOffered } from "../outcome.ts";
import { type Challenge, readChallenge } from "./challenge.ts";

/** One operation, ready to be sent any number of times with other auth data. */
export type Send = (auth?: JsonObject) => Promise<Exchange>;

/** Makes the auth data of one stage, after whatever it takes to earn it (reading a mail, asking for a token). */
export type StageSolver = (challenge: Challenge) => Promise<JsonObject>;
export type StageSolvers = Readonly<Record<string, StageSolver>>;

export interface Step {
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

export interface WalkOptions {
  /** Which of the flows that can be solved to take; the last one where there are fewer. */
  readonly which?: number;
  /** Stops before this many stages of the flow have been sent. */
  readonly stopBefore?: (stage: string, position: number, flow: readonly string[]) => boolean;
}

/** Walks a flow stage by stage. It stops where the answer no longer is a challenge with that stage completed. */
export async function walkFlow(send: Send, solvers: StageSolvers, options: WalkOptions = {}): Promise<Walk> {
  const opening = await send();
  let challenge = readChallenge(opening);
  if (challenge === null) return { flows: [], flow: [], opening, steps: [], last: opening };
  const { flows } = challenge;
  const flow = solvableFlow(flows, solvers, options.which ?? 0);
  const steps: Step[] = [];
  let last = opening;
  for (const [position, stage] of flow.entries()) {
    if (options.stopBefore?.(stage, position, flow) === true) break;
    const auth: JsonObject = withSession(await solverOf(stage, solvers)(challenge), challenge.session);
    last = await send(auth);
    steps.push({ stage, auth, answer: last });
    challenge = readChallenge(last);
    if (challenge === null || !challenge.completed.includes(stage)) break;
  }
  return { flows, flow, opening, steps, last };
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
