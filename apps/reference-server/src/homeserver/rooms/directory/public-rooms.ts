import type { components } from "@matrix-openapi/definitions/client-server";
import { MatrixError } from "@matrix-openapi/server";
import type { Home } from "../../home.ts";
import { networkOf } from "../../third-party-networks/instance-id.ts";
import { factsOfRooms } from "../room-facts.ts";
import type { RoomFacts } from "../room-facts.ts";

type Query = components["schemas"]["PublicRoomsQuery"];

/**
 * The directory's rooms, those with most members first. A token names the room that a page begins after or ends before,
 * so that rooms that come and go move no others. https://spec.matrix.org/v1.19/client-server-api/#published-room-directory
 */
export async function publicRooms(
  home: Home,
  server: string | undefined,
  query: Query,
): Promise<components["schemas"]["PublicRooms"]> {
  if (server !== undefined && server !== home.config.serverName) {
    const message = `The directory of ${server} cannot be read from here: this server talks to no others.`;
    throw new MatrixError(404, "M_NOT_FOUND", message);
  }
  const { limit = mostRooms, since, filter = {} } = query;
  const rooms = await listedRooms(home, query);
  const found = rooms.filter((room) => fits(room, filter)).toSorted(inOrder);
  const [start, end] = pageOf(found, Math.min(limit, mostRooms), since);
  const [first, last] = [found[start], found[end - 1]];
  return {
    chunk: found.slice(start, end),
    ...(last !== undefined && end < found.length && { next_batch: toToken("after", last) }),
    ...(first !== undefined && start > 0 && { prev_batch: toToken("before", first) }),
    total_room_count_estimate: found.length,
  };
}

const mostRooms = 500;

/** Lists of other networks are application services' to fill. */
async function listedRooms(
  { db }: Home,
  { third_party_instance_id: instance, include_all_networks: all = false }: Query,
): Promise<RoomFacts[]> {
  const own = db.selectFrom("hs_rooms").select("room_id").where("is_public", "=", 1);
  const listed = db.selectFrom("hs_network_rooms as listed").select("listed.room_id");
  const { serviceId, networkId } = networkOf(instance);
  const ofNetwork = listed.where("listed.service_id", "=", serviceId).where("listed.network_id", "=", networkId);
  const rows = await (all ? own.union(listed) : instance === undefined ? own : ofNetwork).execute();
  return factsOfRooms(
    db,
    rows.map((row) => row.room_id),
  );
}

function fits(
  room: RoomFacts,
  { generic_search_term: term, room_types: roomTypes }: NonNullable<Query["filter"]>,
): boolean {
  const isOfType = roomTypes === undefined || roomTypes.includes(room.room_type ?? null);
  if (term === undefined || !isOfType) return isOfType;
  const wanted = term.toLowerCase();
  return [room.name, room.topic, room.canonical_alias].some((text) => text?.toLowerCase().includes(wanted));
}

type Place = Pick<RoomFacts, "num_joined_members" | "room_id">;

function inOrder(a: Place, b: Place): number {
  return b.num_joined_members - a.num_joined_members || (a.room_id < b.room_id ? -1 : Number(a.room_id > b.room_id));
}

function pageOf(rooms: readonly Place[], limit: number, since: string | undefined): [start: number, end: number] {
  if (since === undefined) return [0, Math.min(limit, rooms.length)];
  const { side, place } = fromToken(since);
  if (side === "after") {
    const start = rooms.filter((room) => inOrder(room, place) <= 0).length;
    return [start, Math.min(start + limit, rooms.length)];
  }
  const end = rooms.filter((room) => inOrder(room, place) < 0).length;
  return [Math.max(0, end - limit), end];
}

function toToken(side: "after" | "before", { num_joined_members: joined, room_id: roomId }: Place): string {
  return `${side}-${joined}-${Buffer.from(roomId).toString("base64url")}`;
}

function fromToken(token: string): { readonly side: string; readonly place: Place } {
  const [, side, joined, roomId] = /^(after|before)-([0-9]{1,15})-([\w-]+)$/.exec(token) ?? [];
  if (side === undefined || roomId === undefined) {
    const message = `${token} is no token of the directory: give a next_batch or prev_batch of it.`;
    throw new MatrixError(400, "M_INVALID_PARAM", message);
  }
  return { side, place: { num_joined_members: Number(joined), room_id: Buffer.from(roomId, "base64url").toString() } };
}
