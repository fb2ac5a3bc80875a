import { randomIdentifier } from "../../crypto/random.ts";
import type { Home } from "../home.ts";
import type { RoomEvent } from "../rooms/event.ts";
import type { PushOutcome } from "./evaluate.ts";
import type { Pusher } from "./pushers.ts";

/** Mails are for what stays unread, not for each message. */
const mailDelay = 10 * 60_000;

/** Leaves in the database what pushers are to be told of, for whichever process gets to it. */
export async function queuePushes(
  home: Home,
  { eventId }: RoomEvent,
  outcomes: ReadonlyMap<string, PushOutcome>,
): Promise<void> {
  const { db, clock, random } = home;
  const notified = [...outcomes].filter(([, { notify }]) => notify).map(([userId]) => userId);
  for (let start = 0; start < notified.length; start += mostValues) {
    const pushers = await db
      .selectFrom("hs_pushers")
      .selectAll()
      .where("user_id", "in", notified.slice(start, start + mostValues))
      .execute();
    for (const pusher of pushers) {
      const { user_id, app_id, pushkey, kind } = pusher;
      if (kind === "email" && (await isQueued(home, pusher))) continue;
      await db
        .insertInto("hs_push_queue")
        .values({
          id: randomIdentifier(random, 20),
          user_id,
          app_id,
          pushkey,
          event_id: kind === "email" ? null : eventId,
          actions: JSON.stringify(outcomes.get(user_id)?.actions ?? []),
          queued_at: clock.now(),
          next_attempt_at: clock.now() + (kind === "email" ? mailDelay : 0),
          attempts: 0,
        })
        .execute();
    }
  }
}

async function isQueued({ db }: Home, { user_id, app_id, pushkey }: Pusher): Promise<boolean> {
  const queued = await db
    .selectFrom("hs_push_queue")
    .select("id")
    .where("user_id", "=", user_id)
    .where("app_id", "=", app_id)
    .where("pushkey", "=", pushkey)
    .executeTakeFirst();
  return queued !== undefined;
}

/** Below what either database takes in one statement. */
const mostValues = 500;
