import type { JsonObject } from "../../../json.ts";
import type { Database } from "../../../storage/database.ts";
import { withTransaction } from "../../../storage/database.ts";
import type { Home } from "../../home.ts";
import { maySendState } from "../permissions.ts";
import { sendEvent } from "../send-event.ts";
import { currentStateEvent } from "../state.ts";
import type { Alias } from "./aliases.ts";

const type = "m.room.canonical_alias";

export async function mayRemoveAlias(db: Database, { creator, roomId }: Alias, userId: string): Promise<boolean> {
  return creator === userId || maySendState(db, roomId, userId, type);
}

/**
 * The room stops to say that it has the alias, where the user may say so.
 * https://spec.matrix.org/v1.19/client-server-api/#delete_matrixclientv3directoryroomroomalias
 */
export async function removeAlias(home: Home, { alias, roomId }: Alias, userId: string): Promise<void> {
  const { db } = home;
  await withTransaction(db, async () => {
    await db.deleteFrom("hs_room_aliases").where("alias", "=", alias).where("room_id", "=", roomId).execute();
    const before = (await currentStateEvent(db, roomId, type))?.content;
    if (before === undefined || !(await maySendState(db, roomId, userId, type))) return;
    const content = without(before, alias);
    if (content === null) return;
    await sendEvent(home, { roomId, sender: userId, type, stateKey: "", content });
  });
}

function without(content: JsonObject, gone: string): JsonObject | null {
  const { alias, alt_aliases: others, ...rest } = content;
  const isListed = Array.isArray(others) && others.includes(gone);
  if (alias !== gone && !isListed) return null;
  return {
    ...rest,
    ...(alias !== undefined && alias !== gone && { alias }),
    ...(Array.isArray(others) && { alt_aliases: others.filter((other) => other !== gone) }),
  };
}
