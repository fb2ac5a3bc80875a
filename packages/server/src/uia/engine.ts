import type { JsonResult } from "../results.ts";
import type { UiaSession, UiaSessionStore } from "./session.ts";
import type { UiaStages } from "./stages.ts";
import type { UiaLimits } from "./user-interactive-auth.ts";

/** What the parts of user-interactive auth share. */
export interface UiaEngine<Tx> {
  readonly store: UiaSessionStore<Tx>;
  readonly stages: UiaStages;
  readonly limits: UiaLimits;
  readonly clock: () => number;
  readonly randomId: () => string;
  /** Executions of this process, so that concurrent requests need not poll; undefined if another one took over. */
  readonly running: Map<string, Promise<JsonResult | undefined>>;
  prunedAt: number;
}

/** A session that still counts, or undefined. */
export async function findSession<Tx>(engine: UiaEngine<Tx>, id: string): Promise<UiaSession | undefined> {
  const session = await engine.store.get(id);
  if (session === undefined) return undefined;
  const now = engine.clock();
  const { idle, lifetime, resultKept } = engine.limits;
  const unused = now - session.usedAt;
  if (session.state === "done") return unused < resultKept ? session : undefined;
  return unused < idle && now - session.createdAt < lifetime ? session : undefined;
}

/** Removes what does not count any more, at most once a minute. */
export async function pruneSessions<Tx>(engine: UiaEngine<Tx>): Promise<void> {
  const now = engine.clock();
  if (now - engine.prunedAt < 60_000) return;
  engine.prunedAt = now;
  const { idle, lifetime, resultKept } = engine.limits;
  await engine.store.prune({ usedBefore: now - idle, createdBefore: now - lifetime, doneBefore: now - resultKept });
}

/** Whether a process has begun to execute and was not heard of again. */
export function isAbandoned<Tx>(engine: UiaEngine<Tx>, session: UiaSession): boolean {
  return session.state === "executing" && engine.clock() >= (session.leaseEnd ?? 0);
}
