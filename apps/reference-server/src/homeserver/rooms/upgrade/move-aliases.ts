import type { Home } from "../../home.ts";
import { aliasesOf } from "../directory/aliases.ts";
import { maySendState } from "../permissions.ts";
import type { Room } from "../rooms.ts";
import { sendEvent } from "../send-event.ts";
import { currentStateEvent } from "../state.ts";

const type = "m.room.canonical_alias";

interface Move {
  readonly from: Room;
  /** The new room's ID. */
  readonly to: string;
  readonly userId: string;
}

/** What leads to the old room leads to the new one: the aliases, what the room says of them, and its place on the list. */
export async function moveAliases(home: Home, { from, to, userId }: Move): Promise<void> {
  const { db } = home;
  if (from.isPublic) {
    await db.updateTable("hs_rooms").set({ is_public: 0 }).where("room_id", "=", from.roomId).execute();
    await db.updateTable("hs_rooms").set({ is_public: 1 }).where("room_id", "=", to).execute();
  }
  const aliases = await aliasesOf(db, from.roomId);
  if (aliases.length === 0) return;
  await db.updateTable("hs_room_aliases").set({ room_id: to }).where("room_id", "=", from.roomId).execute();
  const content = (await currentStateEvent(db, from.roomId, type))?.content;
  if (content === undefined || !(await maySendState(db, from.roomId, userId, type))) return;
  await sendEvent(home, { roomId: to, sender: userId, type, stateKey: "", content });
  await sendEvent(home, { roomId: from.roomId, sender: userId, type, stateKey: "", content: {} });
}
