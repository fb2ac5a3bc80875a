import type { Platform } from "../../platform.ts";
import { startTimer } from "../../process/timer.ts";
import { pendingDeliveries, recordDelivery } from "./pending-deliveries.ts";
import { sendOnbind } from "./send-onbind.ts";

/** Hands invitations to the homeservers of users who have bound the invited address, without anybody waiting for it. */
export interface InviteDelivery {
  /** Looks for deliveries that are due; call it after a bind. */
  start(): void;
  /** Breaks off what is under way; the next process takes it up. */
  close(): Promise<void>;
}

export type DeliveryPlatform = Platform & { readonly serverName: string };

const second = 1000;
const longestPause = 3600 * second;

/** One run at a time; what failed is tried again after a pause that doubles, also by the next process. */
export function createInviteDelivery(platform: DeliveryPlatform): InviteDelivery {
  let running: Promise<void> | undefined;
  let isDueAgain = false;
  const closing = new AbortController();
  let timer: { stop(): void } | undefined;

  const run = async () => {
    const failures = await deliverAll(platform, closing.signal);
    if (failures > 0) startLater(Math.min(longestPause, second * 2 ** failures));
  };
  const start = () => {
    timer?.stop();
    if (closing.signal.aborted) return;
    isDueAgain = running !== undefined;
    running ??= run()
      .catch((error: unknown) => platform.log.error("invitations could not be delivered", { error }))
      .finally(() => {
        running = undefined;
        if (isDueAgain) start();
      });
  };
  const startLater = (pause: number) => {
    timer?.stop();
    if (closing.signal.aborted) return;
    timer = startTimer(platform.clock, pause, start);
  };
  return {
    start,
    async close() {
      closing.abort();
      timer?.stop();
      await running;
    },
  };
}

/** Resolves with the fewest attempts that anything still undelivered has behind it, 0 where nothing is left. */
async function deliverAll(platform: DeliveryPlatform, closing: AbortSignal): Promise<number> {
  let fewest = Infinity;
  for (const delivery of await pendingDeliveries(platform)) {
    const delivered = await sendOnbind(platform, delivery, closing);
    if (closing.aborted && !delivered) return 0; // which is no fault of the homeserver
    await recordDelivery(platform, delivery, delivered);
    if (!delivered) fewest = Math.min(fewest, delivery.attempts + 1);
  }
  return Number.isFinite(fewest) ? fewest : 0;
}
