import { MatrixError } from "../matrix-error.ts";
import type { JsonResult } from "../results.ts";
import type { UiaEngine } from "./engine.ts";
import type { JsonValue, UiaSession } from "./session.ts";

/** How the work of an operation is made one with the mark that it is done; see {@link UiaSessionStore.transaction}. */
export type Transact<Tx> = <Value>(work: (tx: Tx | undefined) => Promise<Value>) => Promise<Value>;

/**
 * Does the work of a session that this request may execute, and keeps its result. Resolves to undefined when it took
 * longer than its lease and somebody else took over: then nothing of it was committed.
 */
export async function execute<Tx, R extends JsonResult>(
  engine: UiaEngine<Tx>,
  session: UiaSession,
  transact: Transact<Tx>,
  work: (tx: Tx | undefined) => Promise<R>,
): Promise<R | undefined> {
  const running = executeOnce(engine, session, transact, work);
  engine.running.set(session.id, running);
  try {
    return await running;
  } finally {
    if (engine.running.get(session.id) === running) engine.running.delete(session.id);
  }
}

/** Runs `work` so that an error result, returned or thrown, rolls back; used without a session where nobody is asked. */
export async function commitUnlessError<Tx, R extends JsonResult>(
  transact: Transact<Tx>,
  work: (tx: Tx | undefined) => Promise<R>,
): Promise<R> {
  try {
    return await transact(async (tx) => {
      const result = await work(tx);
      if (result.status >= 400) throw new RolledBack(result);
      return result;
    });
  } catch (reason) {
    if (reason instanceof RolledBack) return reason.result as R; // what `work` has returned above
    throw reason;
  }
}

async function executeOnce<Tx, R extends JsonResult>(
  engine: UiaEngine<Tx>,
  session: UiaSession,
  transact: Transact<Tx>,
  work: (tx: Tx | undefined) => Promise<R>,
): Promise<R | undefined> {
  try {
    const result = await commitUnlessError(transact, async (tx) => {
      const inner = await work(tx);
      if (inner.status < 400 && !(await engine.store.update(done(engine, session, inner), tx))) throw new LeaseLost();
      return inner;
    });
    return result.status < 400 || (await engine.store.update(reopened(engine, session))) ? result : undefined;
  } catch (reason) {
    if (reason instanceof LeaseLost) return undefined;
    const open = await engine.store.update(reopened(engine, session)).catch(() => false); // `reason` says more
    if (!(reason instanceof MatrixError)) throw reason;
    return open ? (reason.toResult() as JsonResult as R) : undefined; // a common error, which every R allows
  }
}

/** The evidence has served its purpose; only the result is kept. */
function done<Tx>(engine: UiaEngine<Tx>, session: UiaSession, result: JsonResult): UiaSession {
  return {
    ...session,
    revision: session.revision + 1,
    completed: session.completed.map((stage) => ({ ...stage, evidence: null })),
    state: "done",
    rebindable: false,
    leaseEnd: null,
    // Handlers return JSON bodies.
    result: { status: result.status, body: result.body as JsonValue, headers: result.headers ?? {} },
    usedAt: engine.clock(),
  };
}

// A user name that was lost between the check and the commit can be replaced without proving everything again.
function reopened<Tx>(engine: UiaEngine<Tx>, session: UiaSession): UiaSession {
  return {
    ...session,
    revision: session.revision + 1,
    state: "open",
    rebindable: session.operationId === "register",
    leaseEnd: null,
    usedAt: engine.clock(),
  };
}

class RolledBack extends Error {
  readonly result: JsonResult;

  constructor(result: JsonResult) {
    super("The operation answered an error.");
    this.result = result;
  }
}

class LeaseLost extends Error {}
