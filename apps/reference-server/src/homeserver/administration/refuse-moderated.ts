import type { OperationDescriptor } from "@matrix-openapi/definitions";
import { MatrixError } from "@matrix-openapi/server";
import type { Moderation } from "./moderation.ts";

/** All that is left to the user of a locked account: https://spec.matrix.org/v1.19/client-server-api/#account-locking */
const openToLocked = new Set(["logout", "logoutAll"]);

/**
 * What others would notice, and a suspended user may not do. Redacting own messages and leaving rooms stay open to them.
 * https://spec.matrix.org/v1.19/client-server-api/#account-suspension
 */
const closedToSuspended = new Set([
  "createRoom",
  "joinRoom",
  "joinRoomById",
  "knockRoom",
  "inviteUser",
  "kick",
  "ban",
  "unban",
  "sendMessage",
  "setRoomStateWithKey",
  "upgradeRoom",
  "setRoomAlias",
  "deleteRoomAlias",
  "setRoomVisibilityOnDirectory",
  "setProfileField",
  "deleteProfileField",
  "setTyping",
  "uploadContent",
  "uploadContentToMXC",
  "createContent",
]);

/** What stands against a request because an administrator has locked or suspended the account. */
export function refuseModerated(
  { locked, suspended }: Moderation,
  { operationId }: Pick<OperationDescriptor, "operationId">,
): MatrixError | undefined {
  if (locked && !openToLocked.has(operationId)) {
    return new MatrixError(401, "M_USER_LOCKED", "This account has been locked by an administrator.", {
      soft_logout: true,
    });
  }
  if (suspended && closedToSuspended.has(operationId)) {
    return new MatrixError(403, "M_USER_SUSPENDED", "This account has been suspended: it may read, but not act.");
  }
  return undefined;
}
