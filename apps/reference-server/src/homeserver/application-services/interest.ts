import type { Database } from "../../storage/database.ts";
import type { RoomEvent } from "../rooms/event.ts";
import { toRoomEvent } from "../rooms/event.ts";
import { aliasesOf } from "../rooms/directory/aliases.ts";
import { membersOf } from "../rooms/memberships.ts";
import type { Membership } from "../rooms/memberships.ts";
import type { ApplicationService } from "./services.ts";

/**
 * Those of the events that a service has registered interest in: by their room, its aliases, the users that they are
 * from or about, or users who were in the room then. Their order stays.
 * https://spec.matrix.org/v1.19/application-service-api/#registration
 */
export async function eventsOfInterest(
  db: Database,
  service: ApplicationService,
  events: readonly RoomEvent[],
): Promise<RoomEvent[]> {
  const interesting = new Set<RoomEvent>();
  for (const [roomId, inRoom] of Map.groupBy(events, (event) => event.roomId)) {
    const isAll = await ownsRoom(db, service, roomId);
    const wasIn = isAll ? () => true : await presenceIn(db, service, roomId, Math.min(...inRoom.map(depthOf)));
    for (const event of inRoom) if (isAbout(service, event) || wasIn(event.depth)) interesting.add(event);
  }
  return events.filter((event) => interesting.has(event));
}

/** Whether what happens in the room now, beside of events, is the service's business. */
export async function isRoomOfInterest(db: Database, service: ApplicationService, roomId: string): Promise<boolean> {
  if (await ownsRoom(db, service, roomId)) return true;
  return (await serviceMembers(db, service, roomId)).some(({ membership }) => membership === "join");
}

const depthOf = ({ depth }: RoomEvent) => depth;

async function ownsRoom(db: Database, service: ApplicationService, roomId: string): Promise<boolean> {
  if (service.rooms.has(roomId)) return true;
  return (await aliasesOf(db, roomId)).some((alias) => service.aliases.has(alias));
}

function isAbout({ users }: ApplicationService, { type, sender, stateKey }: RoomEvent): boolean {
  return users.has(sender) || (type === "m.room.member" && stateKey !== null && users.has(stateKey));
}

/** At which depths a user of the service was in the room. What is asked for lies at the first depth and after it. */
async function presenceIn(db: Database, service: ApplicationService, roomId: string, first: number) {
  const members = await serviceMembers(db, service, roomId);
  if (members.some(({ membership, depth }) => membership === "join" && depth <= first)) return () => true;
  const spans: { readonly from: number; readonly to: number }[] = [];
  for (const { userId } of members) {
    const rows = await db
      .selectFrom("hs_events")
      .selectAll()
      .where("room_id", "=", roomId)
      .where("type", "=", "m.room.member")
      .where("state_key", "=", userId)
      .execute();
    for (const { depth, content, replacedAt } of rows.map(toRoomEvent)) {
      if (content["membership"] === "join") spans.push({ from: depth, to: replacedAt ?? Infinity });
    }
  }
  return (depth: number) => spans.some(({ from, to }) => from <= depth && depth < to);
}

async function serviceMembers(db: Database, service: ApplicationService, roomId: string): Promise<Membership[]> {
  return (await membersOf(db, roomId)).filter(({ userId }) => service.users.has(userId));
}
