import type { Selectable } from "kysely";
import { isObject } from "../../json.ts";
import type { JsonObject } from "../../json.ts";
import { unreadMail } from "../../mail/messages.ts";
import { withTransaction } from "../../storage/database.ts";
import type { PushQueueTable } from "../../storage/migrations/0014-user-data.ts";
import type { Home } from "../home.ts";
import { gatewayNotification } from "./gateway-notification.ts";
import { ownsAddress } from "./owns-address.ts";
import { findPusher, removePusher, setToldUnread } from "./pushers.ts";
import type { Pusher } from "./pushers.ts";
import { unreadTotal } from "./unread-counts.ts";

export type QueuedPush = Selectable<PushQueueTable>;

/** Longer than any attempt takes; then another process may take it that the first one has died. */
const lease = 60_000;

/** What is due, for this process alone: no other finds it due until the lease is over. */
export async function claimPushes({ db, clock }: Pick<Home, "db" | "clock">, limit: number): Promise<QueuedPush[]> {
  const due = () =>
    db
      .selectFrom("hs_push_queue")
      .selectAll()
      .where("next_attempt_at", "<=", clock.now())
      .orderBy("next_attempt_at")
      .limit(limit)
      .execute();
  if (limit <= 0 || (await due()).length === 0) return [];
  return withTransaction(db, async () => {
    const claimed = await due();
    for (const { id } of claimed) await postpone({ db }, id, { next_attempt_at: clock.now() + lease });
    return claimed;
  });
}

const firstDelay = 1000;
const longestDelay = 60 * 60_000;
const longestTry = 24 * 60 * 60_000;

/** Tells the pusher, or tries again later and later for a day. https://spec.matrix.org/v1.19/push-gateway-api/#homeserver-behaviour */
export async function deliverPush(home: Home, push: QueuedPush, signal: AbortSignal): Promise<void> {
  const { db, clock } = home;
  const pusher = await findPusher(db, push);
  if (pusher === undefined) return;
  const outcome = pusher.kind === "http" ? await callGateway(home, pusher, push, signal) : await mail(home, pusher);
  if (outcome === "rejected") return removePusher(db, pusher);
  const isOver = outcome === "done" || clock.now() - push.queued_at >= longestTry;
  if (isOver) {
    await db.deleteFrom("hs_push_queue").where("id", "=", push.id).execute();
    return;
  }
  const delay = Math.min(firstDelay * 2 ** push.attempts, longestDelay);
  await postpone(home, push.id, { next_attempt_at: clock.now() + delay, attempts: push.attempts + 1 });
}

async function postpone(
  { db }: Pick<Home, "db">,
  id: string,
  values: Partial<Pick<QueuedPush, "next_attempt_at" | "attempts">>,
): Promise<void> {
  await db.updateTable("hs_push_queue").set(values).where("id", "=", id).execute();
}

type PushDelivery = "done" | "rejected" | "failed";

async function callGateway(
  { db, fetch, log }: Home,
  pusher: Pusher,
  { event_id: eventId, actions }: QueuedPush,
  signal: AbortSignal,
): Promise<PushDelivery> {
  const unread = await unreadTotal(db, pusher.user_id);
  if (eventId === null && unread === pusher.told_unread) return "done";
  const notification = await gatewayNotification(db, { pusher, eventId, actions: JSON.parse(actions), unread });
  const { url } = JSON.parse(pusher.data) as JsonObject; // stored by the handler
  if (notification === undefined || typeof url !== "string") return "done";
  try {
    const body = JSON.stringify({ notification });
    const response = await fetch(url, { method: "POST", body, signal, isForeign: true });
    if (!response.ok) throw new Error(`the push gateway answered ${response.status}; expected 200`);
    if (isRejected(await response.text(), pusher.pushkey)) return "rejected";
    await setToldUnread(db, pusher, unread);
    return "done";
  } catch (error) {
    log.warn("a push could not be delivered; it is tried again", { app: pusher.app_id, error });
    return "failed";
  }
}

/** What the answer does not say, it does not mean: only a list with the key in it takes a pusher away. */
function isRejected(answer: string, pushkey: string): boolean {
  try {
    const body: unknown = JSON.parse(answer);
    return isObject(body) && Array.isArray(body["rejected"]) && body["rejected"].includes(pushkey);
  } catch {
    return false;
  }
}

async function mail({ db, mail: mailer, config }: Home, pusher: Pusher): Promise<PushDelivery> {
  if (!(await ownsAddress(db, pusher.user_id, pusher.pushkey))) return "rejected";
  const unread = await unreadTotal(db, pusher.user_id);
  if (unread === 0) return "done";
  const message = unreadMail({ to: pusher.pushkey, serverName: config.serverName, userId: pusher.user_id, unread });
  const outcome = await mailer.send(message);
  if (outcome.ok) return "done";
  return outcome.reason === "rejected" ? "rejected" : "failed";
}
