import type { JsonObject } from "../../../json.ts";
import type { Database } from "../../../storage/database.ts";
import { shownProfile } from "../../user-data/profile.ts";

/** How others see the user, for the content of a membership: https://spec.matrix.org/v1.19/client-server-api/#mroommember */
export function profileIn(db: Database, userId: string): Promise<JsonObject> {
  return shownProfile(db, userId);
}

/** What a client gave a reason for, as it goes into a membership. */
export function withReason(reason: string | undefined): JsonObject {
  return reason === undefined ? {} : { reason };
}
