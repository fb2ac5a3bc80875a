import type { Home } from "../home.ts";
import { claimPushes, deliverPush } from "./deliver.ts";

const mostAtOnce = 50;

export interface PushWorker {
  /** Begins what is due; slow gateways are not waited for. */
  deliverDue(signal: AbortSignal): Promise<void>;
  /** When all that was begun is over. */
  settled(): Promise<void>;
}

/** Pushes are sent outside of the requests that cause them, each by one of the processes on a database. */
export function createPushWorker(home: Home): PushWorker {
  const underWay = new Set<Promise<void>>();
  return {
    async deliverDue(signal) {
      for (const push of await claimPushes(home, mostAtOnce - underWay.size)) {
        const delivery = deliverPush(home, push, signal)
          .catch((error: unknown) => home.log.warn("a push was not delivered; it is tried again", { error }))
          .finally(() => underWay.delete(delivery));
        underWay.add(delivery);
      }
    },
    async settled() {
      await Promise.all(underWay);
    },
  };
}
