import { askForAlias } from "../../application-services/ask-services.ts";
import type { Home, SessionOwner } from "../../home.ts";
import { findAlias } from "../directory/aliases.ts";
import { mustFindRoom, unknownRoom } from "../rooms.ts";

/** The ID of a room that there is, from that ID or from an alias, which a service may make when it is asked for. */
export async function resolveRoom(home: Home, idOrAlias: string, user?: SessionOwner): Promise<string> {
  if (!idOrAlias.startsWith("#")) return (await mustFindRoom(home.db, idOrAlias)).roomId;
  await askForAlias(home, idOrAlias, user);
  const found = await findAlias(home.db, idOrAlias);
  if (found === undefined) throw unknownRoom(idOrAlias);
  return found.roomId;
}
