import type { components } from "@matrix-openapi/definitions/client-server";
import { ok } from "@matrix-openapi/server";
import type { Handler, Home } from "../home.ts";
import { crossSigningKeysOf } from "./cross-signing-keys.ts";
import type { CrossSigningKey, KeyUsage } from "./cross-signing-keys.ts";
import { deviceKeysOf } from "./device-keys.ts";
import type { StoredDeviceKeys } from "./device-keys.ts";
import { visibleSignatures } from "./key-signatures.ts";
import { localUsers, unreachableServers } from "./local-users.ts";
import type { UserSignatures } from "./signed-objects.ts";

type DeviceInformation = components["schemas"]["DeviceInformation"];

/**
 * What others need to encrypt for users and to tell whether to trust them. Who has an account here but no devices gets
 * an empty list, so that clients forget those there were.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3keysquery
 */
export function queryKeys(home: Home): Handler<"queryKeys"> {
  const { db } = home;
  return async ({ user, body }) => {
    const wanted = body.device_keys;
    const users = await localUsers(db, Object.keys(wanted));
    const devices = Map.groupBy(await deviceKeysOf(db, users), ({ userId }) => userId);
    const crossSigningKeys = await crossSigningKeysOf(db, users);
    const signaturesOn = await visibleSignatures(db, users, user.id);

    const ofUsage = (usage: KeyUsage) =>
      Object.fromEntries(
        crossSigningKeys
          .filter((key) => key.usage === usage)
          .map(({ userId, publicKey, json }) => [
            userId,
            withSignatures(
              JSON.parse(json) as CrossSigningKey, // written by storeCrossSigningKey
              signaturesOn({ userId, target: publicKey }),
            ),
          ]),
      );
    const ownUserSigningKey = ofUsage("user_signing")[user.id];
    return ok({
      failures: unreachableServers(home, Object.keys(wanted)),
      device_keys: Object.fromEntries(
        users.map((userId) => [
          userId,
          Object.fromEntries(
            (devices.get(userId) ?? [])
              .filter(isAskedFor(wanted[userId] ?? []))
              .map((device) => [
                device.deviceId,
                toInformation(device, signaturesOn({ userId, target: device.deviceId })),
              ]),
          ),
        ]),
      ),
      master_keys: ofUsage("master"),
      self_signing_keys: ofUsage("self_signing"),
      // It would show whom its owner has verified.
      user_signing_keys: ownUserSigningKey === undefined ? {} : { [user.id]: ownUserSigningKey },
    });
  };
}

/** An empty list asks for all. */
function isAskedFor(deviceIds: readonly string[]): (device: StoredDeviceKeys) => boolean {
  const asked = new Set(deviceIds);
  return ({ deviceId }) => asked.size === 0 || asked.has(deviceId);
}

function toInformation({ keys, displayName }: StoredDeviceKeys, signatures: UserSignatures): DeviceInformation {
  return {
    ...keys,
    signatures,
    ...(displayName !== null && { unsigned: { device_display_name: displayName } }),
  };
}

/** The field is left out where there are none. */
function withSignatures(key: CrossSigningKey, signatures: UserSignatures): CrossSigningKey {
  return Object.keys(signatures).length === 0 ? key : { ...key, signatures };
}
