import { error, ok, respond } from "@matrix-openapi/server";
import type { Home, SomeHandlers } from "../home.ts";
import { runForAccount } from "../user-interactive-auth/run-for-account.ts";
import { createDevice, deleteDevices, findDevice, listDevices, renameDevice } from "./devices.ts";
import type { DeviceRow } from "./devices.ts";

/**
 * The user's own devices; another user's are as good as none, and deleting is asked for by password.
 * https://spec.matrix.org/v1.19/client-server-api/#device-management
 */
export function deviceHandlers(home: Home) {
  const { db } = home;
  return {
    async getDevices({ user }) {
      const devices = await listDevices(db, user.id);
      return ok({ devices: devices.map(toDevice) });
    },

    async getDevice({ user, params }) {
      const device = await findDevice(db, user.id, params.path.deviceId);
      return device === undefined ? unknownDevice : ok(toDevice(device));
    },

    async updateDevice({ user, params, body }) {
      const { deviceId } = params.path;
      // https://spec.matrix.org/v1.19/application-service-api/#creating-devices
      if (user.applicationService !== undefined && (await createDevice(home, user.id, deviceId, body.display_name))) {
        return respond(201, {});
      }
      if (body.display_name === undefined) {
        return (await findDevice(db, user.id, deviceId)) === undefined ? unknownDevice : ok({});
      }
      return (await renameDevice(db, user.id, deviceId, body.display_name)) ? ok({}) : unknownDevice;
    },

    async deleteDevice({ user, params, uia }) {
      return runForAccount(home, "deleteDevice", { user, uia }, async (userId) => {
        await deleteDevices(db, userId, [params.path.deviceId]);
        return ok({});
      });
    },

    async deleteDevices({ user, body, uia }) {
      return runForAccount(home, "deleteDevices", { user, uia }, async (userId) => {
        await deleteDevices(db, userId, body.devices);
        return ok({});
      });
    },
  } satisfies SomeHandlers;
}

const unknownDevice = error(404, "M_NOT_FOUND", "You have no such device: list yours with GET /devices.");

function toDevice({ device_id, display_name, last_seen_at, last_seen_ip }: DeviceRow) {
  return {
    device_id,
    ...(display_name !== null && { display_name }),
    ...(last_seen_at !== null && { last_seen_ts: last_seen_at }),
    ...(last_seen_ip !== null && { last_seen_ip }),
  };
}
