import { MatrixError } from "@matrix-openapi/server";
import type { JsonValue } from "@matrix-openapi/server";
import type { JsonObject } from "../../json.ts";
import { withTransaction } from "../../storage/database.ts";
import type { Home } from "../home.ts";
import { tellPresence } from "../presence/presence.ts";
import { roomsOf } from "../rooms/memberships.ts";
import { sendEvent } from "../rooms/send-event.ts";
import { currentStateEvent } from "../rooms/state.ts";
import { profileOf, shownIn, storeProfileField } from "./profile.ts";

/**
 * Undefined takes the field away. The profile and what the user's rooms say of it, together or not at all.
 * https://spec.matrix.org/v1.19/client-server-api/#events-on-change-of-profile-information
 */
export async function changeProfile(
  home: Home,
  userId: string,
  name: string,
  value: JsonValue | undefined,
): Promise<void> {
  const { db } = home;
  await withTransaction(db, async () => {
    const { [name]: before, ...others } = await profileOf(db, userId);
    if (JSON.stringify(before) === JSON.stringify(value)) return;
    const profile = value === undefined ? others : { ...others, [name]: value };
    mustBeSmallEnough(profile);
    await storeProfileField(db, userId, name, value);
    if (name !== "displayname" && name !== "avatar_url") return;
    await tellRooms(home, userId, profile);
    await tellPresence(db, userId);
  });
}

async function tellRooms(home: Home, userId: string, profile: JsonObject): Promise<void> {
  for (const { roomId } of await roomsOf(home.db, userId, "join")) {
    const current = await currentStateEvent(home.db, roomId, "m.room.member", userId);
    // Why and how the user once came in is not what this is about.
    const {
      displayname: _name,
      avatar_url: _avatar,
      reason: _reason,
      third_party_invite: _invite,
      join_authorised_via_users_server: _server,
      ...own
    } = current?.content ?? {};
    await sendEvent(home, {
      roomId,
      sender: userId,
      type: "m.room.member",
      stateKey: userId,
      content: { ...own, ...shownIn(profile), membership: "join" },
    });
  }
}

const mostBytes = 65_536;

function mustBeSmallEnough(profile: JsonObject): void {
  const bytes = Buffer.byteLength(JSON.stringify(profile));
  if (bytes < mostBytes) return;
  const message = `The profile would have ${bytes} bytes; it must stay below ${mostBytes}: remove a field, or shorten it.`;
  throw new MatrixError(400, "M_PROFILE_TOO_LARGE", message);
}
