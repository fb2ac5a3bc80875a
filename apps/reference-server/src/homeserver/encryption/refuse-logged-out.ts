import { MatrixError } from "@matrix-openapi/server";
import type { Database } from "../../storage/database.ts";
import { findDevice } from "../devices/devices.ts";
import type { SessionOwner } from "../home.ts";

/** Where something is stored for the caller's device, or was waited for: throws what is answered where it has just gone. */
export async function refuseLoggedOut(db: Database, { id, deviceId }: SessionOwner): Promise<void> {
  if (deviceId === "") return; // an application service's, which is not for a device
  if ((await findDevice(db, id, deviceId)) !== undefined) return;
  throw new MatrixError(401, "M_UNKNOWN_TOKEN", "You have been logged out: log in again.");
}
