import { asObject } from "../../json.ts";
import type { JsonObject } from "../../json.ts";
import { compiledQuery } from "../../storage/compiled-query.ts";
import type { Database } from "../../storage/database.ts";
import { inBatches } from "../../storage/in-batches.ts";
import type { RoomNotificationTable } from "../../storage/migrations/0014-user-data.ts";
import type { AfterSend } from "../rooms/after-send.ts";
import type { RoomEvent } from "../rooms/event.ts";
import { threadIdOf } from "../receipts/thread-of.ts";
import { powerLevelsOf } from "../rooms/permissions.ts";
import { defaultRules } from "./default-rules.ts";
import { evaluate } from "./evaluate.ts";
import type { PushContext, PushOutcome } from "./evaluate.ts";
import { individualsFor } from "./individuals.ts";
import { followMembership } from "./notified-members.ts";
import { queuePushes } from "./queue-pushes.ts";
import { markThreadRead } from "./read-positions.ts";
import type { PushRuleset } from "./ruleset.ts";

/**
 * What a new event does for the members of its room. Those who go by the server's rules share one row, so that a room
 * may have any number of them; only who has rules or pushers of their own, or is named in the event, is looked at alone.
 * https://spec.matrix.org/v1.19/client-server-api/#receiving-notifications
 */
export const notifyMembers: AfterSend = async (home, event) => {
  const { db } = home;
  if (event.type === "m.room.member") await followMembership(db, event);
  const notification = {
    room_id: event.roomId,
    depth: event.depth,
    event_id: event.eventId,
    thread_id: await threadIdOf(db, event),
    ts: home.clock.now(),
  };
  if (event.stateKey === null) await markThreadRead(db, event.sender, notification);

  const individuals = await individualsFor(db, event);
  const context = await contextOf(
    db,
    event,
    individuals.some(({ rules }) => rules !== undefined),
  );
  const seen = asSeen(event);
  const forAll = evaluate(sharedRules, seen, context);
  if (forAll.notify) {
    const { sender } = event;
    await notifyAll(db, { ...notification, sender, ...stored(forAll) });
  }

  const outcomes = individuals.map(({ userId, rules, displayName, ignoresSender }) => {
    const outcome = rules === undefined ? forAll : evaluate(rules, seen, { ...context, displayName });
    return { userId, outcome: ignoresSender ? nothing : outcome };
  });
  const different = outcomes.filter(({ outcome }) => !isSame(outcome, forAll));
  const rows = different.map(({ userId, outcome }) => ({
    user_id: userId,
    ...notification,
    notify: flag(outcome.notify),
    ...stored(outcome),
  }));
  await inBatches(rows, (batch) => db.insertInto("hs_user_notifications").values(batch).execute());
  await queuePushes(home, event, new Map(outcomes.map(({ userId, outcome }) => [userId, outcome])));
};

const notifyAll = compiledQuery((db, row: RoomNotificationTable) => db.insertInto("hs_room_notifications").values(row));

const nothing: PushOutcome = { notify: false, highlight: false, actions: [] };

/** Without those that are about one user. */
const sharedRules: PushRuleset = {
  override: defaultRules("").override.filter(
    ({ rule_id: id }) => id !== ".m.rule.invite_for_me" && id !== ".m.rule.is_user_mention",
  ),
  content: [],
  room: [],
  sender: [],
  underride: defaultRules("").underride,
};

/** Power levels are asked for only where a rule might. */
async function contextOf(db: Database, event: RoomEvent, hasOwnRules: boolean): Promise<PushContext> {
  const [room] = await countMembers(db, event);
  const mayAsk = hasOwnRules || asObject(event.content["m.mentions"])["room"] === true;
  const power = mayAsk ? await powerLevelsOf(db, event.roomId) : undefined;
  return {
    memberCount: room?.joined_members ?? 0,
    senderMayNotify: (key) => power !== undefined && power.ofUser(event.sender) >= power.toNotify(key),
  };
}

const countMembers = compiledQuery((db, { roomId }: Pick<RoomEvent, "roomId">) =>
  db.selectFrom("hs_rooms").select("joined_members").where("room_id", "=", roomId),
);

/** The event as its clients see it. */
function asSeen({ eventId, roomId, type, sender, originServerTs, content, stateKey }: RoomEvent): JsonObject {
  return {
    event_id: eventId,
    room_id: roomId,
    type,
    sender,
    origin_server_ts: originServerTs,
    content,
    ...(stateKey !== null && { state_key: stateKey }),
  };
}

function isSame(one: PushOutcome, other: PushOutcome): boolean {
  if (!one.notify && !other.notify) return true;
  return one.notify === other.notify && JSON.stringify(one.actions) === JSON.stringify(other.actions);
}

function flag(is: boolean): 0 | 1 {
  return is ? 1 : 0;
}

function stored({ highlight, actions }: PushOutcome) {
  return { highlight: flag(highlight), actions: JSON.stringify(actions) };
}
