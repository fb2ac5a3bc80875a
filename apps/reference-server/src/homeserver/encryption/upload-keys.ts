import { ok } from "@matrix-openapi/server";
import { withTransaction } from "../../storage/database.ts";
import { appendToStream } from "../../storage/stream.ts";
import type { Handler, Home } from "../home.ts";
import { checkDeviceKeys, storeDeviceKeys } from "./device-keys.ts";
import { replaceFallbackKeys } from "./fallback-keys.ts";
import { addOneTimeKeys, oneTimeKeyCounts } from "./one-time-keys.ts";
import { refuseLoggedOut } from "./refuse-logged-out.ts";

/** All of what a device publishes, or nothing: https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3keysupload */
export function uploadKeys({ db }: Home): Handler<"uploadKeys"> {
  return async ({ user, body }) => {
    const { id: userId, deviceId } = user;
    const device = { user_id: userId, device_id: deviceId };
    const { device_keys: deviceKeys, one_time_keys: oneTimeKeys = {}, fallback_keys: fallbackKeys = {} } = body;
    if (deviceKeys !== undefined) checkDeviceKeys(device, deviceKeys);
    return withTransaction(db, async () => {
      await refuseLoggedOut(db, user);
      if (deviceKeys !== undefined) await storeDeviceKeys(db, device, deviceKeys);
      const hasMore = await addOneTimeKeys(db, device, oneTimeKeys);
      const hasOthers = await replaceFallbackKeys(db, device, fallbackKeys);
      if (hasMore || hasOthers) appendToStream(db, { kind: "device_keys", userId, deviceId });
      return ok({ one_time_key_counts: await oneTimeKeyCounts(db, userId, deviceId) });
    });
  };
}
