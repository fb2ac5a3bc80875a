import { randomIdentifier } from "../../crypto/random.ts";
import { equal } from "../../storage/equal.ts";
import { inBatches } from "../../storage/in-batches.ts";
import type { Home } from "../home.ts";
import type { RoomEvent } from "../rooms/event.ts";
import type { PushOutcome } from "./evaluate.ts";
import type { Pusher } from "./pushers.ts";
import type { PushAction } from "./ruleset.ts";

/** Mails are for what stays unread, not for each message. */
const mailDelay = 10 * 60_000;

/** Leaves in the database what pushers are to be told of, for whichever process gets to it. */
export async function queuePushes(
  home: Home,
  { eventId }: RoomEvent,
  outcomes: ReadonlyMap<string, PushOutcome>,
): Promise<void> {
  const notified = [...outcomes].filter(([, { notify }]) => notify).map(([userId]) => userId);
  const pushers = await inBatches(notified, (batch) =>
    home.db.selectFrom("hs_pushers").selectAll().where("user_id", "in", batch).execute(),
  );
  for (const pusher of pushers) {
    const { kind, user_id: userId } = pusher;
    if (kind === "http") await queue(home, pusher, { eventId, actions: outcomes.get(userId)?.actions ?? [] });
    else if (!(await isQueued(home, pusher)))
      await queue(home, pusher, { eventId: null, actions: [], delay: mailDelay });
  }
}

/**
 * The same for what is left when a user has read something, where a device shows a count.
 * https://spec.matrix.org/v1.19/push-gateway-api/#post_matrixpushv1notify
 */
export async function queueBadges(home: Home, userId: string): Promise<void> {
  const pushers = await home.db
    .selectFrom("hs_pushers")
    .selectAll()
    .where("user_id", "=", userId)
    .where("kind", "=", "http")
    .where("told_unread", ">", 0)
    .execute();
  for (const pusher of pushers) await queue(home, pusher, { eventId: null, actions: [] });
}

async function isQueued({ db }: Home, { user_id, app_id, pushkey }: Pusher): Promise<boolean> {
  const queued = await db
    .selectFrom("hs_push_queue")
    .select("id")
    .where(equal({ user_id, app_id, pushkey }))
    .executeTakeFirst();
  return queued !== undefined;
}

interface ToQueue {
  /** Null where there is nothing to tell but the counts. */
  readonly eventId: string | null;
  readonly actions: readonly PushAction[];
  readonly delay?: number;
}

async function queue(
  { db, clock, random }: Home,
  { user_id, app_id, pushkey }: Pusher,
  { eventId, actions, delay = 0 }: ToQueue,
): Promise<void> {
  await db
    .insertInto("hs_push_queue")
    .values({
      id: randomIdentifier(random, 20),
      user_id,
      app_id,
      pushkey,
      event_id: eventId,
      actions: JSON.stringify(actions),
      queued_at: clock.now(),
      next_attempt_at: clock.now() + delay,
      attempts: 0,
    })
    .execute();
}
