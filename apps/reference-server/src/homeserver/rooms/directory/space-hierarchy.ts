import type { components } from "@matrix-openapi/definitions/client-server";
import type { JsonObject } from "../../../json.ts";
import type { Database } from "../../../storage/database.ts";
import type { RoomEvent } from "../event.ts";
import { isServerName } from "../../../identifiers.ts";
import { factsOf } from "../room-facts.ts";
import { currentState } from "../state.ts";
import { mayKnowOf } from "./may-know-of.ts";

export interface Walk {
  readonly userId: string;
  readonly suggestedOnly: boolean;
  readonly maxDepth: number;
}

export type SpaceRoom = components["schemas"]["SpaceRoom"];

/** The rooms of a space, depth first, each once; those that the user may not know of are left out, with what is in them. */
export async function* walkSpace(db: Database, spaceId: string, walk: Walk): AsyncGenerator<SpaceRoom> {
  const seen = new Set<string>();
  const waiting = [{ roomId: spaceId, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { roomId, depth } = next;
    if (seen.has(roomId)) continue;
    seen.add(roomId);
    const facts = await factsOf(db, roomId);
    if (facts === undefined || !(await mayKnowOf(db, facts, walk.userId))) continue;
    const children = facts.room_type === "m.space" ? await childrenOf(db, roomId, walk.suggestedOnly) : [];
    yield { ...facts, children_state: children.map(toChild) };
    if (depth >= walk.maxDepth) continue;
    waiting.push(...children.map(({ stateKey }) => ({ roomId: stateKey ?? "", depth: depth + 1 })).toReversed());
  }
}

/** https://spec.matrix.org/v1.19/client-server-api/#mspacechild */
async function childrenOf(db: Database, roomId: string, suggestedOnly: boolean): Promise<RoomEvent[]> {
  const events = await currentState(db, roomId, { type: "m.space.child" });
  return events
    .filter(({ content }) => serversIn(content["via"]).length > 0 && (!suggestedOnly || content["suggested"] === true))
    .filter(({ stateKey }) => stateKey?.startsWith("!") && stateKey.length > 1)
    .toSorted(inOrder);
}

function serversIn(via: unknown): string[] {
  return Array.isArray(via) ? via.filter((server) => typeof server === "string").filter(isServerName) : [];
}

/** Those with an order first, by it; then the older ones. https://spec.matrix.org/v1.19/client-server-api/#ordering-of-children-within-a-space */
function inOrder(a: RoomEvent, b: RoomEvent): number {
  const [left, right] = [validOrder(a.content), validOrder(b.content)];
  if (left !== right) {
    if (left === undefined) return 1;
    if (right === undefined) return -1;
    return left < right ? -1 : 1;
  }
  return a.originServerTs - b.originServerTs || ((a.stateKey ?? "") < (b.stateKey ?? "") ? -1 : 1);
}

function validOrder({ order }: JsonObject): string | undefined {
  return typeof order === "string" && /^[\x20-\x7e]{1,50}$/.test(order) ? order : undefined;
}

function toChild(event: RoomEvent): SpaceRoom["children_state"][number] {
  return {
    type: "m.space.child",
    state_key: event.stateKey ?? "",
    sender: event.sender,
    origin_server_ts: event.originServerTs,
    content: readableContent(event.content),
  };
}

/** Anybody with the power may have set anything: what is not of its type is left out. */
function readableContent(content: JsonObject) {
  const { via, suggested, order: _order, ...rest } = content;
  const order = validOrder(content);
  return {
    ...rest,
    via: serversIn(via),
    ...(typeof suggested === "boolean" && { suggested }),
    ...(order !== undefined && { order }),
  };
}
