import { MatrixError } from "@matrix-openapi/server";
import type { JsonObject } from "../../../json.ts";
import { withTransaction } from "../../../storage/database.ts";
import type { Home } from "../../home.ts";
import { membershipOf } from "../memberships.ts";
import type { MembershipState } from "../memberships.ts";
import { sendEvent } from "../send-event.ts";
import { profileIn } from "./member-content.ts";

interface OwnChange {
  readonly roomId: string;
  readonly sender: string;
  /** Beside the membership. */
  readonly content: JsonObject;
}

interface OthersChange extends OwnChange {
  readonly target: string;
}

/** Out of a room, or no to an invitation, or a knock taken back. */
export async function leaveRoom(home: Home, change: OwnChange): Promise<void> {
  await setMembership(home, { ...change, target: change.sender }, "leave");
}

/** https://spec.matrix.org/v1.19/client-server-api/#knocking-on-rooms */
export async function knockOnRoom(home: Home, change: OwnChange): Promise<void> {
  const content = { ...(await profileIn(home.db, change.sender)), ...change.content };
  await setMembership(home, { ...change, content, target: change.sender }, "knock");
}

/** The event is the same as that of an unban, which must not come of it. */
export async function kickUser(home: Home, change: OthersChange): Promise<void> {
  await withTransaction(home.db, async () => {
    const current = await currentOf(home, change);
    if (current === "leave" || current === "ban") {
      throw new MatrixError(
        403,
        "M_FORBIDDEN",
        `${change.target} is not in the room, so that there is nobody to kick.`,
      );
    }
    await setMembership(home, change, "leave");
  });
}

/** https://spec.matrix.org/v1.19/client-server-api/#banning-users-in-a-room */
export async function banUser(home: Home, change: OthersChange): Promise<void> {
  await setMembership(home, change, "ban");
}

export async function unbanUser(home: Home, change: OthersChange): Promise<void> {
  await withTransaction(home.db, async () => {
    if ((await currentOf(home, change)) !== "ban") {
      throw new MatrixError(403, "M_BAD_STATE", `${change.target} is not banned from the room.`);
    }
    await setMembership(home, change, "leave");
  });
}

async function currentOf({ db }: Home, { roomId, target }: OthersChange): Promise<MembershipState> {
  return (await membershipOf(db, roomId, target))?.membership ?? "leave";
}

async function setMembership(
  home: Home,
  { roomId, sender, target, content }: OthersChange,
  membership: MembershipState,
): Promise<void> {
  await sendEvent(home, {
    roomId,
    sender,
    type: "m.room.member",
    stateKey: target,
    content: { ...content, membership },
  });
}
