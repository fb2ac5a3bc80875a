import { provesAnother } from "./attempt.ts";
import type { UiaRequestFacts } from "./authorise.ts";
import { findSession } from "./engine.ts";
import type { UiaEngine } from "./engine.ts";
import { nextStages } from "./flows.ts";
import { openGate } from "./request-gate.ts";
import type { UiaRequestGate } from "./request-gate.ts";
import type { JsonValue, UiaSession, UiaSessionStore } from "./session.ts";
import { selfCompletingStages } from "./stages.ts";
import type { UiaStages } from "./stages.ts";

/** How long sessions last, in ms. */
export interface UiaLimits {
  /** Since the last request of the session; 30 minutes. */
  readonly idle: number;
  /** Since its first challenge; 48 hours. */
  readonly lifetime: number;
  /** How long a result is repeated; 10 minutes. */
  readonly resultKept: number;
  /** How long one process may take to execute before another may take over; 30 seconds. */
  readonly lease: number;
}

/** What user-interactive auth is made of. */
export interface UserInteractiveAuthOptions<Tx> {
  readonly store: UiaSessionStore<Tx>;
  /** `m.login.dummy` and `m.login.terms` are there already. */
  readonly stages?: UiaStages;
  readonly limits?: Partial<UiaLimits>;
  /** Milliseconds since the epoch. */
  readonly clock?: () => number;
  /** A new session's ID, of at least 128 random bits. */
  readonly randomId?: () => string;
}

/** How a stage that was completed elsewhere ended. */
export type UiaCompletionOutcome = "completed" | "already-completed" | "unknown-session" | "another-user" | "not-next";

/** User-interactive auth of one server: given to `createClientServerApi`, and used by its fallback pages. */
export interface UserInteractiveAuth<Tx = undefined> {
  /** A live session, for a fallback page to show what its stage needs. */
  session(id: string): Promise<UiaSession | undefined>;
  /**
   * Marks a stage as completed outside of the API's own requests, on a fallback page or by single sign-on; the client
   * then sends the session alone. https://spec.matrix.org/v1.19/client-server-api/#fallback
   */
  completeStage(
    id: string,
    stage: string,
    proof?: { readonly evidence?: JsonValue; readonly userId?: string },
  ): Promise<UiaCompletionOutcome>;
  /** What a handler gets as `ctx.uia`; called by the machinery. */
  open(facts: UiaRequestFacts): UiaRequestGate<Tx>;
}

/** Sets up user-interactive auth; README.md says how its parts work together. */
export function createUserInteractiveAuth<Tx = undefined>(
  options: UserInteractiveAuthOptions<Tx>,
): UserInteractiveAuth<Tx> {
  const engine: UiaEngine<Tx> = {
    store: options.store,
    stages: { ...selfCompletingStages, ...options.stages },
    limits: { ...defaultLimits, ...options.limits },
    clock: options.clock ?? Date.now,
    randomId: options.randomId ?? randomId,
    running: new Map(),
    prunedAt: 0,
  };
  return {
    session: (id) => findSession(engine, id),
    open: (facts) => openGate(engine, facts),
    async completeStage(id, stage, { evidence = null, userId = null } = {}) {
      for (;;) {
        const session = await findSession(engine, id);
        if (session === undefined) return "unknown-session";
        if (session.completed.some(({ type }) => type === stage)) return "already-completed";
        if (!nextStages(session).has(stage)) return "not-next";
        if (userId !== null && provesAnother(session, userId)) return "another-user";
        const completed = [...session.completed, { type: stage, evidence, userId }];
        const next = { ...session, revision: session.revision + 1, completed, usedAt: engine.clock() };
        if (await engine.store.update(next)) return "completed";
      }
    },
  };
}

const minutes = 60_000;
const defaultLimits: UiaLimits = {
  idle: 30 * minutes,
  lifetime: 2880 * minutes,
  resultKept: 10 * minutes,
  lease: 30_000,
};

// 160 bits, in the grammar of opaque identifiers: a UUID would have 122.
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(20));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
