import type { Database } from "../../storage/database.ts";
import { powerLevels } from "./authorisation/power.ts";
import type { PowerAction, PowerLevels } from "./authorisation/power.ts";
import { isJoined } from "./memberships.ts";
import { mustFindRoom } from "./rooms.ts";
import { currentStateEvents } from "./state.ts";

/** What it takes to do things in the room now. */
export async function powerLevelsOf(db: Database, roomId: string): Promise<PowerLevels> {
  const { version } = await mustFindRoom(db, roomId);
  const events = await currentStateEvents(db, roomId, [
    ["m.room.create", ""],
    ["m.room.power_levels", ""],
  ]);
  return powerLevels({ version, justCreated: false, events });
}

/** Whether the user is in the room, and has the power for it. */
export async function hasPower(db: Database, roomId: string, userId: string, action: PowerAction): Promise<boolean> {
  if (!(await isJoined(db, roomId, userId))) return false;
  const power = await powerLevelsOf(db, roomId);
  return power.ofUser(userId) >= power.toDo(action);
}

/** Whether the user is in the room, and may set state of that type. */
export async function maySendState(db: Database, roomId: string, userId: string, type: string): Promise<boolean> {
  if (!(await isJoined(db, roomId, userId))) return false;
  const power = await powerLevelsOf(db, roomId);
  return power.ofUser(userId) >= power.toSend(type, "state");
}
