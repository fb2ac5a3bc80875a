import { MatrixError } from "@matrix-openapi/server";
import type { JsonObject } from "../../../json.ts";
import { withTransaction } from "../../../storage/database.ts";
import type { Home } from "../../home.ts";
import { membershipOf } from "../memberships.ts";
import type { MembershipState } from "../memberships.ts";
import { sendEvent } from "../send-event.ts";
import { memberContent } from "./member-content.ts";

interface MembershipChange {
  readonly roomId: string;
  readonly sender: string;
  /** The sender unless given. */
  readonly target?: string;
  readonly membership: MembershipState;
  readonly reason?: string | undefined;
  /** What else the event is to say. */
  readonly content?: JsonObject;
}

/** https://spec.matrix.org/v1.19/client-server-api/#room-membership */
export async function setMembership(home: Home, change: MembershipChange): Promise<void> {
  const { roomId, sender, target: stateKey = sender, membership, reason, content: more } = change;
  const wanted = { ...more, ...withReason(reason), membership };
  const content = await memberContent(home.db, roomId, stateKey, wanted);
  await sendEvent(home, { roomId, sender, type: "m.room.member", stateKey, content });
}

/** What a client gave a reason for, as it goes into an event. */
export function withReason(reason: string | undefined): JsonObject {
  return reason === undefined ? {} : { reason };
}

type ChangeOfAnother = Omit<Required<MembershipChange>, "membership" | "content">;

/** The event is the same as that of an unban, which must not come of it. */
export function kickUser(home: Home, change: ChangeOfAnother): Promise<void> {
  const { roomId, target } = change;
  return withTransaction(home.db, async () => {
    const current = (await membershipOf(home.db, roomId, target))?.membership ?? "leave";
    if (current === "leave" || current === "ban") {
      throw new MatrixError(403, "M_FORBIDDEN", `${target} is not in the room, so that there is nobody to kick.`);
    }
    await setMembership(home, { ...change, membership: "leave" });
  });
}

/** https://spec.matrix.org/v1.19/client-server-api/#banning-users-in-a-room */
export function banUser(home: Home, change: ChangeOfAnother): Promise<void> {
  return setMembership(home, { ...change, membership: "ban" });
}

export function unbanUser(home: Home, change: ChangeOfAnother): Promise<void> {
  const { roomId, target } = change;
  return withTransaction(home.db, async () => {
    if ((await membershipOf(home.db, roomId, target))?.membership !== "ban") {
      throw new MatrixError(403, "M_BAD_STATE", `${target} is not banned from the room.`);
    }
    await setMembership(home, { ...change, membership: "leave" });
  });
}
