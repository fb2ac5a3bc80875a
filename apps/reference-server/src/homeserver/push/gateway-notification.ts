import { textsIn } from "../../json.ts";
import type { JsonObject } from "../../json.ts";
import type { Database } from "../../storage/database.ts";
import { findEvent } from "../rooms/event.ts";
import type { RoomEvent } from "../rooms/event.ts";
import { currentStateEvents } from "../rooms/state.ts";
import type { Pusher } from "./pushers.ts";
import { tweaksOf } from "./ruleset.ts";
import type { PushAction } from "./ruleset.ts";

interface ToPush {
  readonly pusher: Pusher;
  /** Null where only the count has changed. */
  readonly eventId: string | null;
  readonly actions: readonly PushAction[];
  readonly unread: number;
}

/**
 * What the gateway is told: all there is, or with `event_id_only` no more than where to look. Undefined where the event
 * is gone. https://spec.matrix.org/v1.19/push-gateway-api/#post_matrixpushv1notify
 */
export async function gatewayNotification(
  db: Database,
  { pusher, eventId, actions, unread }: ToPush,
): Promise<JsonObject | undefined> {
  const { url: _url, ...data } = JSON.parse(pusher.data) as JsonObject; // stored by the handler
  const device = {
    app_id: pusher.app_id,
    pushkey: pusher.pushkey,
    pushkey_ts: Math.floor(pusher.set_at / 1000),
    data,
  };
  const counts = unread === 0 ? {} : { unread };
  if (eventId === null) return { counts, devices: [device], prio: "low" };
  const event = await findEvent(db, eventId);
  if (event === undefined) return undefined;
  const tweaks = tweaksOf(actions);
  const isShort = data["format"] === "event_id_only";
  return {
    event_id: event.eventId,
    room_id: event.roomId,
    counts,
    devices: [isShort ? device : { ...device, tweaks }],
    prio: isUrgent(event, tweaks) ? "high" : "low",
    ...(!isShort && (await details(db, event, pusher.user_id))),
  };
}

/** What is encrypted may be urgent for all that anybody here can tell. */
function isUrgent({ type }: RoomEvent, tweaks: JsonObject): boolean {
  return type === "m.room.encrypted" || tweaks["highlight"] === true || "sound" in tweaks;
}

async function details(db: Database, event: RoomEvent, userId: string): Promise<JsonObject> {
  const state = await currentStateEvents(db, event.roomId, [
    ["m.room.member", event.sender],
    ["m.room.name", ""],
    ["m.room.canonical_alias", ""],
  ]);
  const content = (type: string): JsonObject => state.find((one) => one.type === type)?.content ?? {};
  const texts = textsIn({
    sender_display_name: content("m.room.member")["displayname"],
    room_name: content("m.room.name")["name"],
    room_alias: content("m.room.canonical_alias")["alias"],
  });
  return {
    type: event.type,
    sender: event.sender,
    content: event.content,
    ...(event.type === "m.room.member" && { user_is_target: event.stateKey === userId }),
    ...texts,
  };
}
