import { ok } from "@matrix-openapi/server";
import { withTransaction } from "../../storage/database.ts";
import { appendToStream } from "../../storage/stream.ts";
import type { Handler, Home } from "../home.ts";
import { useFallbackKey } from "./fallback-keys.ts";
import { devicesOf, unreachableServers } from "./local-users.ts";
import { claimOneTimeKey } from "./one-time-keys.ts";
import type { OneTimeKeys } from "./one-time-keys.ts";

type Keys = Record<string, Record<string, OneTimeKeys>>;

/**
 * Gives each key to one caller only, because transactions take turns; devices without any are left out.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3keysclaim
 */
export function claimKeys(home: Home): Handler<"claimKeys"> {
  const { db } = home;
  return async ({ body }) => {
    const failures = unreachableServers(home, Object.keys(body.one_time_keys));
    const keys = await withTransaction(db, async () => {
      const claimed: Keys = {};
      const known = await devicesOf(db, Object.keys(body.one_time_keys));
      for (const [userId, algorithms] of Object.entries(body.one_time_keys)) {
        for (const [deviceId, algorithm] of Object.entries(algorithms)) {
          if (known.get(userId)?.has(deviceId) !== true) continue;
          const device = { user_id: userId, device_id: deviceId };
          const key = (await claimOneTimeKey(db, device, algorithm)) ?? (await useFallbackKey(db, device, algorithm));
          if (key === undefined) continue;
          (claimed[userId] ??= {})[deviceId] = key;
          appendToStream(db, { kind: "device_keys", userId, deviceId });
        }
      }
      return claimed;
    });
    return ok({ failures, one_time_keys: keys });
  };
}
