import type { Platform } from "../../platform.ts";
import { pendingDeliveries, recordDelivery } from "./pending-deliveries.ts";
import { sendOnbind } from "./send-onbind.ts";

/** Hands invitations to the homeservers of users who have bound the invited address, without anybody waiting for it. */
export interface InviteDelivery {
  /** Looks for deliveries that are due; call it after a bind. */
  start(): void;
  /** Stops after the delivery under way. */
  close(): Promise<void>;
}

export type DeliveryPlatform = Platform & { readonly serverName: string };

const second = 1000;
const longestPause = 3600 * second;

/** One run at a time; what failed is tried again after a pause that doubles, also by the next process. */
export function createInviteDelivery(platform: DeliveryPlatform): InviteDelivery {
  let running: Promise<void> | undefined;
  let isDueAgain = false;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  const run = async () => {
    const failures = await deliverAll(platform, () => isClosed);
    if (failures > 0) startLater(Math.min(longestPause, second * 2 ** failures));
  };
  const start = () => {
    clearTimeout(timer);
    if (isClosed) return;
    isDueAgain = running !== undefined;
    running ??= run()
      .catch((error: unknown) => platform.log.error("invitations could not be delivered", { error }))
      .finally(() => {
        running = undefined;
        if (isDueAgain) start();
      });
  };
  const startLater = (pause: number) => {
    clearTimeout(timer);
    if (isClosed) return;
    timer = setTimeout(start, pause);
    timer.unref();
  };
  return {
    start,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await running;
    },
  };
}

/** Resolves with the fewest attempts that anything still undelivered has behind it, 0 where nothing is left. */
async function deliverAll(platform: DeliveryPlatform, isOver: () => boolean): Promise<number> {
  let fewest = Infinity;
  for (const delivery of await pendingDeliveries(platform)) {
    if (isOver()) return 0;
    const delivered = await sendOnbind(platform, delivery);
    await recordDelivery(platform, delivery, delivered);
    if (!delivered) fewest = Math.min(fewest, delivery.attempts + 1);
  }
  return Number.isFinite(fewest) ? fewest : 0;
}
