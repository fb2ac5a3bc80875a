import type { Home } from "../../home.ts";
import { aliasesOf } from "../directory/aliases.ts";
import { maySendState } from "../permissions.ts";
import { listRoom } from "../rooms.ts";
import type { Room } from "../rooms.ts";
import { sendEvent } from "../send-event.ts";
import { currentStateEvent } from "../state.ts";

const type = "m.room.canonical_alias";

/** What leads to the old room leads to the new one: the aliases, what the room says of them, and its place on the list. */
export async function moveAliases(home: Home, from: Room, to: string, userId: string): Promise<void> {
  const { db } = home;
  if (from.isPublic) {
    await listRoom(db, from.roomId, false);
    await listRoom(db, to, true);
  }
  const aliases = await aliasesOf(db, from.roomId);
  if (aliases.length === 0) return;
  await db.updateTable("hs_room_aliases").set({ room_id: to }).where("room_id", "=", from.roomId).execute();
  const content = (await currentStateEvent(db, from.roomId, type))?.content;
  if (content === undefined || !(await maySendState(db, from.roomId, userId, type))) return;
  await sendEvent(home, { roomId: to, sender: userId, type, stateKey: "", content });
  await sendEvent(home, { roomId: from.roomId, sender: userId, type, stateKey: "", content: {} });
}
