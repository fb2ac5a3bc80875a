import type { components } from "@matrix-openapi/definitions/client-server";
import type { Database } from "../../storage/database.ts";
import { inBatches } from "../../storage/in-batches.ts";
import type { RoomTable } from "../../storage/migrations/0012-rooms.ts";
import { toRoomEvent } from "./event.ts";
import type { RoomEvent } from "./event.ts";
import { allowedRooms } from "./membership/restricted-join.ts";
import { asObject, textsIn } from "../../json.ts";

/** What is told of a room to those who are not in it; `PublicRoom` and `SpaceRoom` have parts of it. */
export type RoomFacts = Omit<components["schemas"]["RoomSummary"], "membership">;

/** In the order of the IDs; rooms that there are not are left out. */
export function factsOfRooms(db: Database, roomIds: readonly string[]): Promise<RoomFacts[]> {
  return inBatches(roomIds, (some) => factsOfSome(db, some));
}

export async function factsOf(db: Database, roomId: string): Promise<RoomFacts | undefined> {
  return (await factsOfSome(db, [roomId]))[0];
}

async function factsOfSome(db: Database, roomIds: readonly string[]): Promise<RoomFacts[]> {
  const rooms = await db
    .selectFrom("hs_rooms")
    .select(["room_id", "version", "joined_members"])
    .where("room_id", "in", roomIds)
    .execute();
  const state = await db
    .selectFrom("hs_events")
    .selectAll()
    .where("room_id", "in", roomIds)
    .where("type", "in", types)
    .where("state_key", "=", "")
    .where("replaced_at", "is", null)
    .execute();
  const found = new Map(rooms.map((room) => [room.room_id, room]));
  const events = Map.groupBy(state.map(toRoomEvent), ({ roomId }) => roomId);
  return roomIds.flatMap((roomId) => {
    const room = found.get(roomId);
    return room === undefined ? [] : [toFacts(room, events.get(roomId) ?? [])];
  });
}

type RoomRow = Pick<RoomTable, "room_id" | "version" | "joined_members">;

function toFacts(room: RoomRow, state: readonly RoomEvent[]): RoomFacts {
  const content = (type: string) => state.find((event) => event.type === type)?.content ?? {};
  const texts = textsIn({
    name: content("m.room.name")["name"],
    topic: plainTopic(content("m.room.topic")),
    avatar_url: matching(content("m.room.avatar")["url"], /^mxc:\/\//),
    canonical_alias: matching(content("m.room.canonical_alias")["alias"], /^#[^:\0]*:.+$/),
    room_type: content("m.room.create")["type"],
    encryption: content("m.room.encryption")["algorithm"],
  });
  const rules = content("m.room.join_rules");
  const rule = typeof rules["join_rule"] === "string" ? rules["join_rule"] : "invite";
  return {
    room_id: room.room_id,
    ...texts,
    num_joined_members: room.joined_members,
    join_rule: rule,
    world_readable: content("m.room.history_visibility")["history_visibility"] === "world_readable",
    guest_can_join: content("m.room.guest_access")["guest_access"] === "can_join",
    room_version: room.version,
    ...(rule.endsWith("restricted") && { allowed_room_ids: allowedRooms(rules) }),
  };
}

/** Anybody with the power may have set anything. */
function matching(value: unknown, pattern: RegExp): string | undefined {
  return typeof value === "string" && value.length <= 255 && pattern.test(value) ? value : undefined;
}

/** https://spec.matrix.org/v1.19/client-server-api/#mroomtopic */
function plainTopic(content: RoomEvent["content"]): unknown {
  const texts = asObject(content["m.topic"])["m.text"];
  const plain = Array.isArray(texts)
    ? texts.map(asObject).find(({ mimetype = "text/plain" }) => mimetype === "text/plain")
    : undefined;
  return content["topic"] ?? plain?.["body"];
}

/** The state that somebody is shown who is invited: https://spec.matrix.org/v1.19/client-server-api/#stripped-state */
export const strippedTypes = [
  "m.room.create",
  "m.room.name",
  "m.room.topic",
  "m.room.avatar",
  "m.room.canonical_alias",
  "m.room.join_rules",
  "m.room.encryption",
];

const types = [...strippedTypes, "m.room.history_visibility", "m.room.guest_access"];
