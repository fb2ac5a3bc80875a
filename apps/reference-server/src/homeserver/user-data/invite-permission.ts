import { MatrixError } from "@matrix-openapi/server";
import type { Database } from "../../storage/database.ts";
import type { Home } from "../home.ts";
import type { BeforeSend } from "../rooms/before-send.ts";
import { serverNameOf } from "../../identifiers.ts";
import { findAccountData } from "./account-data.ts";
import { ignoredUsers } from "./ignored-users.ts";

/** Every invitation, by whatever way it is sent. */
export const checkInvitee: BeforeSend = async (home, { type, stateKey, content }) => {
  if (type !== "m.room.member" || stateKey === undefined || content["membership"] !== "invite") return;
  const refusal = await whyNotInvitable(home, stateKey);
  if (refusal !== undefined) throw refusal;
};

/** What stands against inviting a user, whoever does: https://spec.matrix.org/v1.19/client-server-api/#invite-permission */
export async function whyNotInvitable({ db, config }: Home, userId: string): Promise<MatrixError | undefined> {
  if (serverNameOf(userId) !== config.serverName) {
    const message = `${userId} is of another server, and this one talks to none: invite users of ${config.serverName}.`;
    return new MatrixError(403, "M_FORBIDDEN", message);
  }
  if (!(await blocksInvites(db, userId))) return undefined;
  return new MatrixError(403, "M_INVITE_BLOCKED", `${userId} takes no invitations: ask them for one, or to join.`);
}

/** Which invitations `/sync` may tell the user of, by who has sent them. */
export async function inviteFilter(db: Database, userId: string): Promise<(inviter: string) => boolean> {
  if (await blocksInvites(db, userId)) return () => false;
  const ignored = await ignoredUsers(db, userId);
  return (inviter) => !ignored.has(inviter);
}

async function blocksInvites(db: Database, userId: string): Promise<boolean> {
  const config = await findAccountData(db, { userId, type: "m.invite_permission_config" });
  return config?.["default_action"] === "block";
}
