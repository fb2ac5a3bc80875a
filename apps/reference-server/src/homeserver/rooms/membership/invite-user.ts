import { MatrixError } from "@matrix-openapi/server";
import type { JsonObject } from "../../../json.ts";
import type { Home } from "../../home.ts";
import type { RoomEvent } from "../event.ts";
import { sendEvent } from "../send-event.ts";
import { serverNameOf } from "../user-identifier.ts";
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
  mustBeOfThisServer(home, target);
  const profile = await profileIn(home.db, target);
  return sendEvent(home, {
    roomId,
    sender,
    type: "m.room.member",
    stateKey: target,
    content: { ...profile, ...content, membership: "invite" },
  });
}

/** There is nobody to tell of an invitation elsewhere. */
export function mustBeOfThisServer({ config }: Home, userId: string): void {
  if (serverNameOf(userId) === config.serverName) return;
  const message = `${userId} is of another server, and this one talks to none: invite users of ${config.serverName}.`;
  throw new MatrixError(403, "M_FORBIDDEN", message);
}
