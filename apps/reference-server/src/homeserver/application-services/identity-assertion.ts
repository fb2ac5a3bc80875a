import { MatrixError } from "@matrix-openapi/server";
import type { TokenUse } from "@matrix-openapi/server";
import { hashToken } from "../../crypto/tokens.ts";
import type { Platform } from "../../platform.ts";
import { refuseModerated } from "../administration/refuse-moderated.ts";
import { findDevice } from "../devices/devices.ts";
import type { SessionOwner } from "../home.ts";
import type { ApplicationService } from "./services.ts";

/**
 * Whom an application service acts as: its own user, or the user and the device that the query names.
 * https://spec.matrix.org/v1.19/application-service-api/#identity-assertion
 */
export async function assertIdentity(
  platform: Platform,
  service: ApplicationService,
  { operation, request }: TokenUse,
): Promise<SessionOwner | { readonly error: MatrixError }> {
  const { searchParams } = new URL(request.url);
  const isOwnParameter = Object.hasOwn(operation.queryParams, "user_id"); // then it says whom the request is about
  const userId = (isOwnParameter ? null : searchParams.get("user_id")) ?? service.senderId;
  const deviceId = searchParams.get("device_id");
  if (!service.users.has(userId)) {
    return refusal(403, "M_FORBIDDEN", `${userId} is not in the namespaces of ${service.id}: act as a user who is.`);
  }
  const account = await findUser(platform, userId);
  if (account === undefined || account.deactivated_at !== null) {
    return refusal(403, "M_FORBIDDEN", `There is no user ${userId}: register them first.`);
  }
  if (deviceId === null && needingDevice.has(operation.operationId)) {
    return refusal(400, "M_UNKNOWN_DEVICE", "This is done for a device: name one by device_id in the query.");
  }
  if (deviceId !== null && (await findDevice(platform.db, userId, deviceId)) === undefined) {
    return refusal(400, "M_UNKNOWN_DEVICE", `${userId} has no device ${deviceId}: create it by PUT /devices first.`);
  }
  const moderation = { locked: account.locked === 1, suspended: account.suspended === 1 };
  const moderated = refuseModerated(moderation, operation);
  if (moderated !== undefined) return { error: moderated };
  return {
    id: userId,
    deviceId: deviceId ?? "",
    tokenHash: hashToken(service.registration.as_token),
    guest: false,
    applicationService: service.id,
  };
}

const needingDevice = new Set(["uploadKeys"]);

function findUser({ db }: Platform, userId: string) {
  return db
    .selectFrom("hs_users as user")
    .leftJoin("hs_account_moderation as moderation", "moderation.user_id", "user.user_id")
    .select(["user.deactivated_at", "moderation.locked", "moderation.suspended"])
    .where("user.user_id", "=", userId)
    .executeTakeFirst();
}

function refusal(status: number, errcode: string, message: string) {
  return { error: new MatrixError(status, errcode, message) };
}
