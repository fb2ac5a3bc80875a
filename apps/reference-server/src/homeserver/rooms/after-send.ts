import type { Home } from "../home.ts";
import { noteActivity } from "../presence/presence.ts";
import { notifyMembers } from "../push/notify-members.ts";
import { forgetWords } from "../search/index-words.ts";
import { indexRelation } from "../timeline/relations.ts";
import { showGuestsOut } from "./membership/guest-access.ts";
import type { RoomEvent } from "./event.ts";
import type { NewEvent } from "./send-event.ts";
import { takeSettingsAlong } from "./upgrade/take-settings-along.ts";

/**
 * What else an event does, in the transaction that stores it: keep it to the database. `send` is for what has to be sent
 * because of it.
 */
export type AfterSend = (home: Home, event: RoomEvent, send: SendEvent) => Promise<void>;

type SendEvent = (home: Home, request: NewEvent) => Promise<RoomEvent>;

/** In the order in which they run, for every event of every room. */
export const hooks: readonly AfterSend[] = [
  indexRelation,
  forgetWords,
  notifyMembers,
  noteActivity,
  showGuestsOut,
  takeSettingsAlong,
];
