import type { OperationDescriptor } from "@matrix-openapi/definitions";
import type { IncomingRequest } from "../api.ts";
import type { RequestValidators } from "../description.ts";
import type { AuthenticatedUser } from "../handlers.ts";
import { MatrixError } from "../matrix-error.ts";
import type { RequestParameters } from "../request-input.ts";
import { UiaAnswer } from "./answer.ts";
import { attemptStage } from "./attempt.ts";
import { challenge } from "./challenge.ts";
import type { UiaRefusal } from "./challenge.ts";
import { bodyDigest, targetOf } from "./digest.ts";
import { findSession, isAbandoned, pruneSessions } from "./engine.ts";
import type { UiaEngine } from "./engine.ts";
import { isComplete, toFlows } from "./flows.ts";
import type { UiaRequirement } from "./gate.ts";
import type { UiaAttemptOutcome } from "./stages.ts";
import type { UiaSession } from "./session.ts";

/** What user-interactive auth looks at in a request. */
export interface UiaRequestFacts {
  readonly operation: OperationDescriptor;
  readonly validators: RequestValidators;
  readonly incoming: IncomingRequest;
  readonly params: RequestParameters;
  readonly body: unknown;
  readonly user: AuthenticatedUser | undefined;
}

/**
 * Takes a session as far as one request's `auth` reaches. It resolves when a flow is complete and execution belongs to
 * this request alone; in every other case it throws the answer. Each pass works on the session as stored and writes by
 * compare-and-set, so that whoever loses a race just looks again.
 * https://spec.matrix.org/v1.19/client-server-api/#user-interactive-authentication-api
 */
export async function authorise<Tx>(
  engine: UiaEngine<Tx>,
  facts: UiaRequestFacts,
  requirement: UiaRequirement,
): Promise<UiaSession> {
  const sent = authOf(facts.body);
  const digest = await bodyDigest(facts.body);
  const open = (): Promise<UiaSession> => openSession(engine, facts, requirement, digest);
  const startAgain = async (refusal?: UiaRefusal): Promise<UiaAnswer> => challenge(await open(), refusal);
  if (sent?.["session"] === undefined && sent?.["type"] === undefined) throw await startAgain();
  // Only a session that was issued has to be sent back, so a first attempt may come without one and opens its own.
  const id = sent?.["session"] ?? (await open()).id;
  if (typeof id !== "string") throw await startAgain(malformedSession);
  const auth: Readonly<Record<string, unknown>> = { ...sent, session: id };

  // A credential is looked at once, however often the session has to be looked at again.
  let outcome: UiaAttemptOutcome | undefined;
  for (;;) {
    const session = await findSession(engine, id);
    if (session === undefined) throw await startAgain(expiredSession);
    assertBelongs(session, facts, digest);
    if (session.state === "done") throw new UiaAnswer(replay(session));
    if (session.state === "executing" && !isAbandoned(engine, session)) {
      await otherExecution(engine, session, facts.incoming.signal);
      continue;
    }

    const now = engine.clock();
    const next: UiaSession = {
      ...session,
      revision: session.revision + 1,
      bodyDigest: digest,
      usedAt: now,
      state: "open",
    };
    if (isComplete(session)) {
      const leaseEnd = now + engine.limits.lease;
      const executing: UiaSession = { ...next, state: "executing", rebindable: false, leaseEnd };
      if (await engine.store.update(executing)) return executing;
      continue;
    }

    const { type } = auth;
    if (type === undefined || session.completed.some((stage) => stage.type === type)) {
      if (await engine.store.update(next)) throw challenge(next);
      continue;
    }
    outcome ??= await attemptStage(engine, facts, session, auth);
    if ("pending" in outcome) {
      if (await engine.store.update(next)) throw challenge(next, undefined, outcome.extra);
    } else if (!outcome.ok) {
      const failed: UiaSession = { ...next, failures: next.failures + 1 };
      if (await engine.store.update(failed)) throw challenge(failed, outcome);
    } else {
      const { evidence = null, userId = null } = outcome;
      const completed = [...next.completed, { type: String(type), evidence, userId }];
      await engine.store.update({ ...next, completed });
    }
  }
}

function authOf(body: unknown): Readonly<Record<string, unknown>> | undefined {
  return (body as { auth?: Record<string, unknown> } | undefined)?.auth; // an object, by the body's validator
}

async function openSession<Tx>(
  engine: UiaEngine<Tx>,
  facts: UiaRequestFacts,
  requirement: UiaRequirement,
  digest: string,
): Promise<UiaSession> {
  await pruneSessions(engine);
  const now = engine.clock();
  const flows = toFlows(requirement.flows);
  const offered = new Set(flows.flatMap(({ stages }) => stages));
  const id = engine.randomId();
  const params = Object.entries(requirement.params ?? {})
    .filter(([stage]) => offered.has(stage))
    .map(([stage, given]) => [stage, typeof given === "function" ? given(id) : given] as const);
  const session: UiaSession = {
    id,
    revision: 1,
    operationId: facts.operation.operationId,
    target: targetOf(facts.params),
    userId: facts.user?.id ?? null,
    bodyDigest: digest,
    flows,
    params: Object.fromEntries(params),
    completed: [],
    failures: 0,
    state: "open",
    rebindable: false,
    leaseEnd: null,
    result: null,
    createdAt: now,
    usedAt: now,
  };
  await engine.store.create(session);
  return session;
}

function assertBelongs(session: UiaSession, facts: UiaRequestFacts, digest: string): void {
  const same =
    session.operationId === facts.operation.operationId &&
    session.target === targetOf(facts.params) &&
    session.userId === (facts.user?.id ?? null);
  if (!same) {
    throw new MatrixError(
      403,
      "M_FORBIDDEN",
      "This session authenticates another request: repeat this one without auth.",
    );
  }
  const bound = session.state !== "open" || session.completed.length > 0;
  if (bound && !session.rebindable && session.bodyDigest !== digest) {
    throw new MatrixError(
      403,
      "M_FORBIDDEN",
      "The request has changed while it was being authenticated: repeat it as it was, or start again without auth.",
    );
  }
}

async function otherExecution<Tx>(engine: UiaEngine<Tx>, session: UiaSession, signal: AbortSignal): Promise<void> {
  const running = engine.running.get(session.id);
  if (running !== undefined) {
    const result = await running;
    if (result !== undefined) throw new UiaAnswer(result);
    return;
  }
  // Another process executes, and only the store tells when it is done.
  signal.throwIfAborted();
  await new Promise((resolve) => setTimeout(resolve, 20));
}

function replay({ result }: UiaSession): UiaAnswer["result"] {
  if (result === null) throw new Error("A session that is done has no result: the store has lost it.");
  return { kind: "json", ...result };
}

const malformedSession: UiaRefusal = {
  errcode: "M_BAD_JSON",
  error: '"session" in auth is not a string: send the session of this challenge.',
};

const expiredSession: UiaRefusal = {
  errcode: "M_UNAUTHORIZED",
  error: "The session is unknown or has expired: start again with the session of this challenge.",
};
