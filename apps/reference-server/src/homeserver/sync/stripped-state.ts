import type { components } from "@matrix-openapi/definitions/client-server";
import type { Home } from "../home.ts";
import { strippedTypes } from "../rooms/room-facts.ts";
import { stateAt } from "../rooms/state.ts";

/** What somebody may know of a room that they are not in, as it was then: https://spec.matrix.org/v1.19/client-server-api/#stripped-state */
export async function strippedState(
  { db }: Home,
  roomId: string,
  depth: number,
  members: readonly string[],
): Promise<components["schemas"]["StrippedStateEvent"][]> {
  const keys = [
    ...strippedTypes.map((type) => [type, ""] as const),
    ...members.map((userId) => ["m.room.member", userId] as const),
  ];
  const events = await stateAt(db, roomId, depth, { keys });
  return events.map(({ type, stateKey, sender, content }) => ({ type, state_key: stateKey ?? "", sender, content }));
}
