import { MatrixError } from "@matrix-openapi/server";
import { canonicalJson } from "../../../crypto/canonical-json.ts";
import type { JsonObject } from "../../../json.ts";
import { withTransaction } from "../../../storage/database.ts";
import type { Home } from "../../home.ts";
import { checkAlias, findAlias } from "../directory/aliases.ts";
import { mustAdmitGuest } from "../membership/join-room.ts";
import { memberContent } from "../membership/member-content.ts";
import { sendEvent } from "../send-event.ts";
import { currentStateEvent } from "../state.ts";

interface WantedState {
  readonly roomId: string;
  readonly user: { readonly id: string; readonly guest: boolean };
  readonly type: string;
  readonly stateKey: string;
  readonly content: JsonObject;
  /** Application services only. */
  readonly originServerTs?: number;
}

/**
 * The ID of the event that sets a piece of state: where the same user has set the same already, of that one, because
 * the request has no transaction ID to be known again by.
 * https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3roomsroomidstateeventtypestatekey
 */
export function setState(home: Home, wanted: WantedState): Promise<string> {
  return withTransaction(home.db, async () => {
    const { roomId, user, type, stateKey } = wanted;
    const current = await currentStateEvent(home.db, roomId, type, stateKey);
    if (type === "m.room.canonical_alias") await checkCanonicalAlias(home, wanted, current?.content ?? {});
    const isMembership = type === "m.room.member";
    const isJoin = isMembership && wanted.content["membership"] === "join";
    if (isJoin && user.guest) await mustAdmitGuest(home, roomId, user.id);
    const content = isMembership ? await memberContent(home.db, roomId, stateKey, wanted.content) : wanted.content;
    if (current?.sender === user.id && isSame(current.content, content)) return current.eventId;
    const time = wanted.originServerTs === undefined ? {} : { originServerTs: wanted.originServerTs };
    const { eventId } = await sendEvent(home, { roomId, sender: user.id, type, stateKey, content, ...time });
    return eventId;
  });
}

/** New aliases have to lead here; old ones may have been taken away since. https://spec.matrix.org/v1.19/client-server-api/#mroomcanonical_alias */
async function checkCanonicalAlias(home: Home, { roomId, content }: WantedState, before: JsonObject): Promise<void> {
  const known = new Set(aliasesIn(before));
  for (const alias of aliasesIn(content)) {
    if (known.has(alias)) continue;
    checkAlias(alias);
    if ((await findAlias(home.db, alias))?.roomId === roomId) continue;
    throw new MatrixError(400, "M_BAD_ALIAS", `The alias ${alias} does not lead to this room: set it first.`);
  }
}

function aliasesIn({ alias, alt_aliases: others }: JsonObject): string[] {
  const all: readonly unknown[] = [alias, ...(Array.isArray(others) ? others : [])];
  return all.filter((one) => typeof one === "string" && one !== "").map(String);
}

function isSame(one: JsonObject, other: JsonObject): boolean {
  try {
    return canonicalJson(one) === canonicalJson(other);
  } catch {
    return false; // numbers that no event can have; sending it says so
  }
}
