import type { JsonObject } from "../../../json.ts";
import type { Database } from "../../../storage/database.ts";
import { shownProfile } from "../../user-data/profile.ts";
import { whoLetsIn } from "./restricted-join.ts";

/**
 * The content of a membership that somebody wants: with the profile of who comes or is to come, and with who lets them
 * into a restricted room, which is for the server to say and never for a client.
 * https://spec.matrix.org/v1.19/client-server-api/#mroommember
 */
export async function memberContent(
  db: Database,
  roomId: string,
  userId: string,
  { join_authorised_via_users_server: _server, ...wanted }: JsonObject,
): Promise<JsonObject> {
  const { membership } = wanted;
  if (membership === "leave" || membership === "ban") return wanted;
  const content = { ...(await shownProfile(db, userId)), ...wanted };
  const authorisedBy = membership === "join" ? await whoLetsIn(db, roomId, userId) : undefined;
  return authorisedBy === undefined ? content : { ...content, join_authorised_via_users_server: authorisedBy };
}
