import type { OperationId } from "../client-server/operations.ts";
import { operationOf, operations } from "../client-server/operations.ts";
import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { summary } from "../exchange.ts";
import { Unreachable } from "../http.ts";
import { Blocked, NotOffered } from "../outcome.ts";
import { speaks } from "../versions.ts";
import { accountWalk } from "./accounts.ts";
import { addressWalk } from "./addresses.ts";
import type { Flow } from "./flow.ts";
import { fileWalk, keyWalk } from "./keys-and-files.ts";
import { eventWalk, roomWalk } from "./rooms.ts";
import { serviceWalk } from "./services.ts";
import { userDataWalk } from "./user-data.ts";

/** How to bring each operation to a documented success; those that end an account come last. */
const flows: Readonly<Record<OperationId, Flow>> = {
  ...roomWalk,
  ...eventWalk,
  ...userDataWalk,
  ...keyWalk,
  ...fileWalk,
  ...serviceWalk,
  ...addressWalk,
  ...accountWalk,
};

/** Which operations have answered a documented success in a run, rules included, and why the others have not. */
export interface Walked {
  readonly total: number;
  readonly reached: readonly string[];
  readonly missing: readonly { readonly operationId: string; readonly reason: string }[];
}

/** Watches a run's answers, and at its end leads those operations to a success that had none. */
export function tally() {
  const reached = new Set<OperationId>();
  const last = new Map<OperationId, Exchange>();
  const onExchange = (exchange: Exchange): void => {
    if (exchange.server !== "homeserver") return;
    const id = operationOf(exchange.method, new URL(exchange.url).pathname);
    if (id === null) return;
    last.set(id, exchange);
    if (exchange.status < 400) reached.add(id);
  };
  const walk = async (context: Context): Promise<Walked> => {
    const reasons = new Map<OperationId, string>();
    // The table has every operation as a key.
    for (const id of Object.keys(flows) as OperationId[]) {
      // The account that was spoiled on the way is not left behind.
      if (reached.has(id) && id !== "deactivateAccount") continue;
      const reason = await whyNot(flows[id], context);
      if (reason !== null) reasons.set(id, reason);
    }
    const all = Object.keys(operations) as OperationId[]; // as above
    const missing = all
      .filter((id) => !reached.has(id))
      .map((operationId) => ({
        operationId,
        reason: tooNew(operationId, context) ?? reasons.get(operationId) ?? found(last.get(operationId)),
      }));
    return { total: all.length, reached: all.filter((id) => reached.has(id)), missing };
  };
  return { onExchange, walk };
}

function tooNew(id: OperationId, { versions }: Context): string | null {
  const [, , since]: readonly [string, string, number?] = operations[id];
  return since === undefined || speaks(versions, since)
    ? null
    : `it came with v1.${since}, which the server does not claim`;
}

function found(exchange: Exchange | undefined): string {
  return exchange === undefined ? "it was not asked" : `it answered ${summary(exchange)}`;
}

async function whyNot(flow: Flow, context: Context): Promise<string | null> {
  try {
    await flow(context);
    return null;
  } catch (error) {
    if (error instanceof NotOffered || error instanceof Blocked || error instanceof Unreachable) return error.message;
    throw error;
  }
}
