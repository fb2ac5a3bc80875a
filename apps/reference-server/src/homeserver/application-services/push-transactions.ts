import { setTimeout as sleep } from "node:timers/promises";
import { randomIdentifier } from "../../crypto/random.ts";
import { waitForStream } from "../../storage/stream.ts";
import { createAccount } from "../accounts/accounts.ts";
import type { Home } from "../home.ts";
import { composeTransaction } from "./compose-transaction.ts";
import { serviceQueue } from "./queue.ts";
import type { PendingTransaction } from "./queue.ts";
import { askService } from "./service-requests.ts";
import { applicationServices } from "./services.ts";
import type { ApplicationService } from "./services.ts";

/** Tells the application services of what they are interested in, until it is stopped; their own users are there from the start. */
export async function pushTransactions(home: Home): Promise<{ stop(): Promise<void> }> {
  const stopped = new AbortController();
  const loops: Promise<void>[] = [];
  for (const service of applicationServices(home)) {
    const localpart = service.registration.sender_localpart;
    await createAccount(home, { localpart, passwordHash: null, isGuest: false });
    if (service.registration.url === null) continue;
    const queue = serviceQueue(home, { serviceId: service.id, owner: randomIdentifier(home.random, 20) });
    await queue.begin();
    loops.push(pushTo(home, service, queue, stopped.signal));
  }
  return {
    async stop() {
      stopped.abort();
      await Promise.all(loops);
    },
  };
}

/** How soon what only the clock or another process can change is looked at again. */
const pause = 250;
const longestWait = 60_000;
/** So many positions may be looked at again after a restart: nothing in them was of interest. */
const mostUnsaved = 1000;

type Queue = ReturnType<typeof serviceQueue>;

async function pushTo(home: Home, service: ApplicationService, queue: Queue, signal: AbortSignal): Promise<void> {
  let seen = 0;

  /** Does the next thing there is to do, and tells whether there may be more at once. */
  async function turn(): Promise<"more" | "idle" | "wait"> {
    const place = await queue.look();
    if (place.retryAt > home.clock.now()) return "wait";
    seen = Math.max(seen, place.position);
    if (place.pending !== undefined) return (await queue.take()) === undefined ? "wait" : deliver(place.pending);

    const { body, upTo, hasMore } = await composeTransaction(home, service, seen);
    if (body === undefined && upTo - place.position < mostUnsaved) {
      seen = upTo;
      return hasMore ? "more" : "idle";
    }
    const taken = await queue.take();
    if (taken === undefined) return "wait";
    if (taken.position !== place.position || taken.pending !== undefined) return "more"; // another process was faster
    if (body !== undefined) return deliver(await queue.keep(body, upTo));
    await queue.confirm(upTo);
    return "more";
  }

  async function deliver(transaction: PendingTransaction): Promise<"more" | "wait"> {
    const isTaken = await send(home, service, transaction, signal);
    if (isTaken) await queue.confirm(transaction.upTo);
    else if (!signal.aborted) await queue.postpone();
    return isTaken ? "more" : "wait";
  }

  while (!signal.aborted) {
    try {
      const next = await turn();
      if (next === "idle") await waitForStream(home.db, seen, { timeoutMs: longestWait, signal });
      if (next === "wait") await sleep(pause, undefined, { signal, ref: false });
    } catch (error) {
      if (signal.aborted) break;
      home.log.error("an application service could not be told of events", { service: service.id, error });
      await sleep(pause, undefined, { ref: false });
    }
  }
  await queue.release();
}

async function send(
  home: Home,
  service: ApplicationService,
  { transactionId, body }: PendingTransaction,
  signal: AbortSignal,
): Promise<boolean> {
  const path = `/transactions/${transactionId}`;
  const answer = await askService(home, service, { method: "PUT", path, olderPath: path, body, signal });
  if (answer === undefined || answer.ok) return answer !== undefined;
  const { status } = answer;
  home.log.warn("an application service did not take a transaction", { service: service.id, status });
  return false;
}
