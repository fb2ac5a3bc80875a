import type { JsonObject } from "../../../json.ts";
import type { Home } from "../../home.ts";
import type { RoomEvent } from "../event.ts";
import { sendEvent } from "../send-event.ts";
import { profileIn } from "./member-content.ts";

interface Invitation {
  readonly roomId: string;
  readonly sender: string;
  readonly target: string;
  /** Beside the membership and the profile. */
  readonly content: JsonObject;
}

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3roomsroomidinvite */
export async function inviteUser(home: Home, { roomId, sender, target, content }: Invitation): Promise<RoomEvent> {
  const profile = await profileIn(home.db, target);
  return sendEvent(home, {
    roomId,
    sender,
    type: "m.room.member",
    stateKey: target,
    content: { ...profile, ...content, membership: "invite" },
  });
}
