import type { JsonResult, Result } from "../results.ts";
import { authorise } from "./authorise.ts";
import type { UiaRequestFacts } from "./authorise.ts";
import type { UiaEngine } from "./engine.ts";
import { commitUnlessError, execute } from "./execute.ts";
import type { Transact } from "./execute.ts";
import type { UiaGate, UiaGrant, UiaRequirement, UiaWork } from "./gate.ts";
import type { UiaSession } from "./session.ts";

/** The gate of one request, which the machinery closes with what the handler has answered. */
export interface UiaRequestGate<Tx = unknown> extends UiaGate<Tx> {
  close(result: Result): Promise<Result>;
}

interface Pending {
  finish(result: JsonResult): void;
  readonly settled: Promise<JsonResult | undefined>;
}

/** Opens the gate that one request's handler gets as `ctx.uia`. */
export function openGate<Tx>(engine: UiaEngine<Tx>, facts: UiaRequestFacts): UiaRequestGate<Tx> {
  const transact: Transact<Tx> = (work) => engine.store.transaction(work);
  let asked = false;
  let pending: Pending | undefined;

  function askOnce(): void {
    if (asked) throw new Error(`${facts.operation.operationId} has asked for user-interactive auth twice.`);
    asked = true;
  }

  return {
    async run<R extends JsonResult>(
      requirement: UiaRequirement,
      work: (grant: UiaWork<Tx>) => R | Promise<R>,
    ): Promise<R> {
      askOnce();
      const workWith = (grant: UiaGrant) => async (tx: Tx | undefined) => work({ ...grant, tx: tx as Tx }); // the store's own
      if (requirement.exempt === true) return commitUnlessError(transact, workWith(exemptGrant));
      for (;;) {
        const session = await authorise(engine, facts, requirement);
        const result = await execute(engine, session, transact, workWith(grantOf(session)));
        if (result !== undefined) return result;
      }
    },

    async require(flows, options) {
      askOnce();
      if (options?.exempt === true) return exemptGrant;
      let finish: Pending["finish"] = () => {};
      const answered = new Promise<JsonResult>((resolve) => (finish = resolve));
      const session = await authorise(engine, facts, { ...options, flows });
      pending = {
        finish,
        settled: execute(
          engine,
          session,
          (work) => work(undefined),
          () => answered,
        ),
      };
      return grantOf(session);
    },

    async close(result) {
      if (pending === undefined || result.kind !== "json") return result;
      pending.finish(result);
      return (await pending.settled) ?? result;
    },
  };
}

const exemptGrant: UiaGrant = { sessionId: null, completed: [], evidence: {}, userId: null };

function grantOf({ id, completed }: UiaSession): UiaGrant {
  return {
    sessionId: id,
    completed: completed.map(({ type }) => type),
    evidence: Object.fromEntries(completed.map(({ type, evidence }) => [type, evidence])),
    userId: completed.find(({ userId }) => userId !== null)?.userId ?? null,
  };
}
