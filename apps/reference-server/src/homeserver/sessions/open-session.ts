import { MatrixError } from "@matrix-openapi/server";
import { randomIdentifier } from "../../crypto/random.ts";
import type { Platform } from "../../platform.ts";
import { withTransaction } from "../../storage/database.ts";
import { equal } from "../../storage/equal.ts";
import { findAccount } from "../accounts/accounts.ts";
import { createDevice } from "../devices/devices.ts";
import { issueAccessToken, issueRefreshableTokens } from "./issue-tokens.ts";
import type { RefreshableTokens } from "./issue-tokens.ts";

/** What a client says about the session it wants; the same fields at login and registration. */
interface SessionRequest {
  readonly device_id?: string;
  readonly initial_device_display_name?: string;
  readonly refresh_token?: boolean;
}

/** The fields in which login and registration tell of a session. */
export interface OpenedSession extends Partial<RefreshableTokens> {
  readonly user_id: string;
  readonly device_id: string;
  readonly access_token: string;
}

/**
 * Opens a session on a new device, or takes over the device that the client names: then its earlier tokens end, and
 * its name stays. A deactivated account gets none, whichever way leads here. https://spec.matrix.org/v1.19/client-server-api/#relationship-between-access-tokens-and-devices
 */
export function openSession(platform: Platform, userId: string, request: SessionRequest): Promise<OpenedSession> {
  const deviceId = request.device_id ?? randomIdentifier(platform.random, 10);
  const device = { user_id: userId, device_id: deviceId };
  return withTransaction(platform.db, async () => {
    const account = await findAccount(platform.db, userId);
    if (account?.isDeactivated) throw new MatrixError(403, "M_USER_DEACTIVATED", "This account has been deactivated.");
    await createDevice(platform, userId, deviceId, request.initial_device_display_name);
    for (const table of ["hs_access_tokens", "hs_refresh_tokens"] as const) {
      await platform.db.deleteFrom(table).where(equal(device)).execute();
    }
    const issue = request.refresh_token === true ? issueRefreshableTokens : issueAccessToken;
    return { ...device, ...(await issue(platform, device)) };
  });
}
