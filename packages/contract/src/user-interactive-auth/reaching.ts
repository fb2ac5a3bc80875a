import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import type { Failed, Passed } from "../outcome.ts";
import { Blocked, fail, NotOffered, pass } from "../outcome.ts";
import { registrationOff } from "../sign-up.ts";
import type { Challenge } from "./challenge.ts";
import { offeredStages, readChallenge } from "./challenge.ts";
import { register } from "./operations.ts";
import type { Send, StageSolvers } from "./solver.ts";
import { walkStages } from "./solver.ts";
import { stageSolvers } from "./stage-solvers.ts";

/** A registration that nobody finishes, walked until one stage is the next to be sent. */
export interface Reached {
  readonly send: Send;
  readonly solvers: StageSolvers;
  readonly opening: Exchange;
  /** The newest challenge, in which the stage is next. */
  readonly challenge: Challenge;
  readonly flow: readonly string[];
  /** Completing the stage would complete the registration, and make one account more than a run may. */
  readonly isLast: boolean;
}

/** Walks a registration up to a stage. Among the flows it prefers one in which the stage is not the last. */
export async function reachStage(context: Context, stage: string): Promise<Reached> {
  const { opening, challenge, send, solvers } = await openRegistration(context);
  if (!offeredStages(challenge).has(stage)) throw new NotOffered(`registration here does not offer ${stage}`);
  const candidates = challenge.flows
    .filter((flow) => flow.includes(stage))
    .filter((flow) => flow.slice(0, flow.indexOf(stage)).every((before) => Object.hasOwn(solvers, before)))
    .toSorted((a, b) => Number(a.at(-1) === stage) - Number(b.at(-1) === stage));
  const flow = candidates[0];
  if (flow === undefined)
    throw new NotOffered(`the stages before ${stage} cannot be solved with what this run was given`);
  const before = flow.slice(0, flow.indexOf(stage));
  const steps = await walkStages(send, solvers, challenge, before);
  const last = steps.at(-1)?.answer ?? opening;
  const reached = readChallenge(last);
  if (reached === null || !before.every((type) => reached.completed.includes(type)))
    throw new Blocked(last, `the stages before ${stage} had to be completed`);
  return { send, solvers, opening, challenge: reached, flow, isLast: flow.at(-1) === stage };
}

/** A registration under a name that is used once, just opened. */
export async function openRegistration(context: Context) {
  const send = await register.prepare(context);
  const opening = await send();
  if (opening.status === 403 || opening.status === 404) throw new NotOffered(registrationOff);
  const challenge = readChallenge(opening);
  if (challenge === null) throw new Blocked(opening, "registering had to ask for authentication");
  return { send, opening, challenge, solvers: stageSolvers(context, { purpose: "register" }) };
}

/** A registration whose first stage of several is completed; `answer` is what completed it. */
export async function completeFirstStage(context: Context) {
  const { send, opening, challenge, solvers } = await openRegistration(context);
  const flow = challenge.flows.find(
    (candidate) => candidate.length > 1 && candidate[0] !== undefined && Object.hasOwn(solvers, candidate[0]),
  );
  if (flow === undefined)
    throw new NotOffered("registration here has no flow of several stages whose first one this run can solve");
  const [step] = await walkStages(send, solvers, challenge, flow.slice(0, 1));
  if (step === undefined) throw new Error("a flow of several stages has a first one");
  return { send, opening, challenge, flow, stage: step.stage, auth: step.auth, answer: step.answer };
}

/** The answer to a stage on the way to the accounts of this run; null where no walked flow has it. */
export async function walkedStage(context: Context, stage: string): Promise<Exchange | null> {
  const walks = await context.accounts.registrations();
  return walks.flatMap(({ steps }) => steps).find((step) => step.stage === stage)?.answer ?? null;
}

/** Judges a stage that ends its flow: completing it once more would make one account too many. */
export async function completedOnTheWay(context: Context, stage: string): Promise<Passed | Failed> {
  const walked = await walkedStage(context, stage).catch((error: unknown) => {
    if (error instanceof NotOffered || error instanceof Blocked) return null;
    throw error;
  });
  if (walked === null) return pass(`not tried with what would complete ${stage}: it would make one more account`);
  return judgeWalked(walked, stage);
}

/** An error other than 401 is the operation's own, and the business of uia-11. */
export function judgeWalked(walked: Exchange, stage: string): Passed | Failed {
  const isRefused = walked.status === 401 && !isCompleted(walked, stage);
  return isRefused ? fail(walked, `200, or a 401 with ${stage} in \`completed\``) : pass();
}

/** Whether an answer is the operation's result, or says that it is on its way with this stage behind it. */
export function isCompleted(answer: Exchange, stage: string): boolean {
  return answer.status === 200 || readChallenge(answer)?.completed.includes(stage) === true;
}
