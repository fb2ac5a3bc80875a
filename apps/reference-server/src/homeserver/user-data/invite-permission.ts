import { MatrixError } from "@matrix-openapi/server";
import type { Database } from "../../storage/database.ts";
import type { BeforeSend } from "../rooms/before-send.ts";
import { findAccountData } from "./account-data.ts";
import { ignoredUsers } from "./ignored-users.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#invite-permission */
export const refuseBlockedInvites: BeforeSend = async ({ db }, { type, stateKey, content }) => {
  if (type !== "m.room.member" || stateKey === undefined || content["membership"] !== "invite") return;
  if (!(await blocksInvites(db, stateKey))) return;
  throw new MatrixError(403, "M_INVITE_BLOCKED", `${stateKey} takes no invitations: ask them for one, or to join.`);
};

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
