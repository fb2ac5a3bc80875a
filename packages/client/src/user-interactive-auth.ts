import type { UserInteractiveAuthChallenge } from "./user-interactive-challenge.ts";
import { isUserInteractive } from "./user-interactive-challenge.ts";
import type {
  AuthenticationData,
  CustomStageHandler,
  OpenParams,
  StageContext,
  StageHandler,
  StageHandlers,
} from "./user-interactive-stages.ts";

/** How far to go. */
export interface UserInteractiveAuthOptions {
  /** Handlers for stages that are not the specification's, by the name the server gives them. */
  readonly customStages?: Readonly<Record<string, CustomStageHandler>>;
  /** How often one stage is attempted at most; 10 unless given. */
  readonly attempts?: number;
}

/** The authentication was not completed; `error` is the last challenge. */
export interface AuthenticationStopped {
  readonly ok: false;
  readonly kind: "authentication-stopped";
  readonly status: 401;
  /**
   * `no-flow`: none of the flows can be finished with the handlers given. `given-up`: the handler of `stage` returned
   * null. `too-many-attempts`: `stage` was attempted as often as allowed. `session-changed`: the server started over,
   * so that what was completed is lost.
   */
  readonly reason: "no-flow" | "given-up" | "too-many-attempts" | "session-changed";
  readonly stage: string | undefined;
  readonly error: UserInteractiveAuthChallenge;
  readonly data?: undefined;
}

/**
 * Makes a call that the server may want authentication for. It calls with `auth` undefined first, then once for each
 * attempt at a stage, along the flow with the fewest stages left that the handlers can finish, until the call has any
 * other result than a challenge. That result is returned as it is.
 * https://spec.matrix.org/v1.19/client-server-api/#user-interactive-authentication-api
 */
export async function withUserInteractiveAuth<Outcome extends CallOutcome>(
  call: (auth: AuthenticationData | undefined) => Promise<Outcome>,
  handlers: StageHandlers,
  { customStages = {}, attempts = 10 }: UserInteractiveAuthOptions = {},
): Promise<Outcome | AuthenticationStopped> {
  const stages = handledStages({ ...customStages, ...handlers });
  const attempted = new Map<string | undefined, number>();
  let auth: AuthenticationData | undefined;
  let session: string | undefined;
  let last: string | undefined;

  for (;;) {
    const outcome = await call(auth);
    const challenge = challengeOf(outcome);
    if (challenge === undefined) return outcome;
    const stopped = (reason: AuthenticationStopped["reason"], stage?: string): AuthenticationStopped => {
      return { ok: false, kind: "authentication-stopped", status: 401, reason, stage, error: challenge };
    };

    if (session !== undefined && (challenge.session ?? session) !== session) return stopped("session-changed", last);
    session ??= challenge.session;
    const rest = shortestRest(challenge, stages);
    if (rest === undefined) return stopped("no-flow");
    const stage = rest[0]; // none when all are completed: the session alone then asks the server to finish
    const attempt = (attempted.get(stage) ?? 0) + 1;
    if (attempt > attempts) return stopped("too-many-attempts", stage);
    attempted.set(stage, attempt);

    const failure = stage === last ? failureOf(challenge) : undefined;
    const context = { session, attempt, ...(failure && { failure }) };
    const answer = stage === undefined || (await stages.get(stage)?.(paramsOf(challenge, stage), context));
    if (!answer) return stopped("given-up", stage);
    auth = authOf(stage, answer, session);
    if (auth === undefined) return stopped("no-flow", stage);
    last = stage;
  }
}

/** What the combinator looks at in a call's result. */
export interface CallOutcome {
  readonly ok: boolean;
  readonly status: number;
  readonly error?: unknown;
}

type AnyHandler = (
  params: OpenParams | undefined,
  context: StageContext,
) => ReturnType<StageHandler<OpenParams, OpenParams>>;

// A map, since the names that it is asked for come from the server.
function handledStages(handlers: object): ReadonlyMap<string, AnyHandler> {
  const handled = Object.entries(handlers).filter(([, handler]) => handler !== undefined);
  return new Map(handled.map(([stage, handler]) => [stage, handler === true ? () => true : handler]));
}

function challengeOf({ ok, status, error }: CallOutcome): UserInteractiveAuthChallenge | undefined {
  return !ok && status === 401 && isUserInteractive(error) ? error : undefined;
}

function failureOf({ errcode, error }: UserInteractiveAuthChallenge): StageContext["failure"] {
  return errcode === undefined ? undefined : { errcode, error };
}

function shortestRest(
  challenge: UserInteractiveAuthChallenge,
  stages: ReadonlyMap<string, AnyHandler>,
): readonly string[] | undefined {
  const completed = challenge.completed ?? [];
  return challenge.flows
    .filter((flow) => completed.every((stage) => flow.stages.includes(stage)))
    .map((flow) => flow.stages.filter((stage) => !completed.includes(stage)))
    .filter((rest) => rest.every((stage) => stages.has(stage) && paramsOf(challenge, stage) !== undefined))
    .toSorted((a, b) => a.length - b.length)[0];
}

// These come with parameters that their handlers rely on; without them they cannot be attempted.
const stagesWithParams: readonly string[] = ["m.login.recaptcha", "m.login.terms", "m.oauth"];

function paramsOf(challenge: UserInteractiveAuthChallenge, stage: string): OpenParams | undefined {
  const params = challenge.params ?? {};
  const given = Object.hasOwn(params, stage) ? params[stage] : undefined;
  return given ?? (stagesWithParams.includes(stage) ? undefined : {});
}

// For these, being named is all of the attempt.
const stagesWithoutData: readonly (string | undefined)[] = ["m.login.dummy", "m.login.terms"];

function authOf(stage: string | undefined, answer: true | OpenParams, session: string | undefined) {
  const known = session === undefined ? {} : { session };
  const isAttempt = answer !== true || stagesWithoutData.includes(stage);
  if (!isAttempt && session === undefined) return undefined; // no way to say what has been completed
  const auth = isAttempt ? { ...(answer !== true && answer), type: stage, ...known } : known;
  return auth as AuthenticationData; // custom stages are outside of the union; their handlers were named as such
}
