import { ok } from "@matrix-openapi/server";
import { withTransaction } from "../../storage/database.ts";
import type { Database } from "../../storage/database.ts";
import { appendToStream } from "../../storage/stream.ts";
import type { Handler, Home } from "../home.ts";
import { useFallbackKey } from "./fallback-keys.ts";
import { devicesOf, unreachableServers } from "./local-users.ts";
import { claimOneTimeKey } from "./one-time-keys.ts";
import type { OneTimeKey } from "./one-time-keys.ts";

type Keys = Record<string, Record<string, Record<string, OneTimeKey>>>;

/**
 * Gives each key to one caller only, because transactions take turns; devices without any are left out.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3keysclaim
 */
export function claimKeys(home: Home): Handler<"claimKeys"> {
  const { db } = home;
  return async ({ body }) => {
    const wanted = Object.entries(body.one_time_keys);
    const failures = unreachableServers(home, Object.keys(body.one_time_keys));
    const keys = await withTransaction(db, async () => {
      const known = await devicesOf(db, Object.keys(body.one_time_keys));
      const claimed: Keys = {};
      for (const [userId, algorithms] of wanted) {
        const devices = known.get(userId);
        if (devices !== undefined) await claimOfUser(db, { userId, devices, algorithms }, claimed);
      }
      return claimed;
    });
    return ok({ failures, one_time_keys: keys });
  };
}

interface WantedOfUser {
  readonly userId: string;
  readonly devices: ReadonlySet<string>;
  /** By device. */
  readonly algorithms: Readonly<Record<string, string>>;
}

async function claimOfUser(db: Database, { userId, devices, algorithms }: WantedOfUser, claimed: Keys): Promise<void> {
  for (const [deviceId, algorithm] of Object.entries(algorithms)) {
    if (!devices.has(deviceId)) continue;
    const found =
      (await claimOneTimeKey(db, userId, deviceId, algorithm)) ??
      (await useFallbackKey(db, userId, deviceId, algorithm));
    if (found === undefined) continue;
    (claimed[userId] ??= {})[deviceId] = { [found.keyId]: found.key };
    appendToStream(db, { kind: "device_keys", userId, deviceId });
  }
}
