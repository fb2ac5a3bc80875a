import { MatrixError, ok } from "@matrix-openapi/server";
import type { JsonObject } from "../../../json.ts";
import { withTransaction } from "../../../storage/database.ts";
import type { Handler, Home } from "../../home.ts";
import { requestedRoomVersion } from "../format/room-version.ts";
import { maySendState, powerLevelsOf } from "../permissions.ts";
import { mustFindRoom } from "../rooms.ts";
import type { Room } from "../rooms.ts";
import { sendEvent } from "../send-event.ts";
import { startRoom } from "../start-room.ts";
import { currentState } from "../state.ts";
import type { RoomEvent } from "../event.ts";
import { moveAliases } from "./move-aliases.ts";
import { powerLevelsOfSuccessor, quietPowerLevels, temporaryPowerLevels } from "./power-levels-of-successor.ts";
import type { Successor } from "./power-levels-of-successor.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#server-behaviour-18 */
export function upgradeRoom(home: Home): Handler<"upgradeRoom"> {
  return async ({ user, params, body }) => {
    const version = requestedRoomVersion(body.new_version);
    const wanted: Successor = { version, creators: [user.id, ...(body.additional_creators ?? [])] };
    const successor = await withTransaction(home.db, () => replaceRoom(home, params.path.roomId, wanted));
    return ok({ replacement_room: successor });
  };
}

async function replaceRoom(home: Home, roomId: string, successor: Successor): Promise<string> {
  const { db } = home;
  const [userId] = successor.creators;
  const old = await mustFindRoom(db, roomId);
  // 1.
  if (!(await maySendState(db, roomId, userId, "m.room.tombstone"))) {
    const message = "Upgrading the room takes being in it, and the power to send m.room.tombstone.";
    throw new MatrixError(403, "M_FORBIDDEN", message);
  }
  const state = await currentState(db, roomId);
  // 2. and 3.
  const replacement = await makeSuccessor(home, old, state, successor);
  // 4.
  await moveAliases(home, old, replacement, userId);
  // 5.
  const tombstone = { body: "This room has been replaced", replacement_room: replacement };
  await set(home, roomId, userId, "m.room.tombstone", tombstone);
  // 6.
  await quieten(home, roomId, userId, contentOf(state, "m.room.power_levels") ?? {});
  return replacement;
}

async function makeSuccessor(
  home: Home,
  old: Room,
  state: readonly RoomEvent[],
  successor: Successor,
): Promise<string> {
  const { version, creators } = successor;
  const [userId, ...additional] = creators;
  const { type, "m.federate": federate } = contentOf(state, "m.room.create") ?? {};
  const { roomId } = await startRoom(home, {
    version,
    creator: userId,
    content: {
      ...(type !== undefined && { type }),
      ...(federate !== undefined && { "m.federate": federate }),
      ...(version.creatorsAboveAll && additional.length > 0 && { additional_creators: additional }),
      predecessor: { room_id: old.roomId, ...(!version.creatorsAboveAll && { event_id: old.lastEventId }) },
    },
    isPublic: false,
  });
  const levels = powerLevelsOfSuccessor(state, old, successor);
  const first = version.creatorsAboveAll ? levels : temporaryPowerLevels(levels, userId);
  await set(home, roomId, userId, "m.room.power_levels", first);
  for (const transferred of transferredTypes) {
    const content = contentOf(state, transferred);
    if (content !== undefined) await set(home, roomId, userId, transferred, content);
  }
  if (first !== levels) await set(home, roomId, userId, "m.room.power_levels", levels);
  return roomId;
}

const transferredTypes = [
  "m.room.server_acl",
  "m.room.encryption",
  "m.room.name",
  "m.room.avatar",
  "m.room.topic",
  "m.room.guest_access",
  "m.room.history_visibility",
  "m.room.join_rules",
];

/** Who may not, leaves it as it is. */
async function quieten(home: Home, roomId: string, userId: string, levels: JsonObject): Promise<void> {
  const quiet = quietPowerLevels(levels);
  const power = await powerLevelsOf(home.db, roomId);
  const own = power.ofUser(userId);
  const isInReach = own >= power.toSend("m.room.power_levels", "state") && own >= quiet.level;
  if (isInReach) await set(home, roomId, userId, "m.room.power_levels", quiet.content);
}

async function set(home: Home, roomId: string, sender: string, type: string, content: JsonObject): Promise<void> {
  await sendEvent(home, { roomId, sender, type, stateKey: "", content });
}

function contentOf(state: readonly RoomEvent[], type: string): JsonObject | undefined {
  return state.find((event) => event.type === type && event.stateKey === "")?.content;
}
