import type { Database } from "./database.ts";
import { equal } from "./equal.ts";

declare const db: Database;
const device = { user_id: "@a:b", device_id: "A" };

await db.deleteFrom("hs_devices").where(equal(device)).execute();
await db
  .selectFrom("hs_devices as own")
  .where(equal({ "own.user_id": "@a:b" }))
  .select("own.user_id")
  .execute();
const devices = db.deleteFrom("hs_devices");
// @ts-expect-error -- there is no such column
devices.where(equal({ ...device, nonsense: 1 }));
// @ts-expect-error -- the column is a text
devices.where(equal({ user_id: 1 }));
