import type { Database } from "../../storage/database.ts";
import { equal } from "../../storage/equal.ts";
import { toRoomEvent } from "../rooms/event.ts";
import { membersOf } from "../rooms/memberships.ts";
import { stateEventAt } from "../rooms/state.ts";
import { depthAtPosition } from "../timeline/tokens.ts";
import { inBatches } from "../../storage/in-batches.ts";
import type { StreamRange } from "../../storage/stream-entry.ts";

interface SharingChanges {
  /** Users with whom there is an encrypted room now, and was none before. */
  readonly begun: string[];
  /** The other way round. */
  readonly ended: string[];
}

/**
 * With whom a user has begun or ceased to share encrypted rooms. Rooms are only looked at as they were before where
 * somebody has come or gone, or encryption was switched on; whatever else there is, was so before.
 */
export async function sharingChanges(db: Database, viewer: string, range: StreamRange): Promise<SharingChanges> {
  const touched = await touchedRooms(db, viewer, range);
  const [candidates, before] = [new Set<string>(), new Set<string>()];
  for (const room of touched.values()) {
    for (const user of await sharersAt(db, viewer, room, range.after)) {
      candidates.add(user);
      before.add(user);
    }
    const moved = room.isForAll ? await joinedTo(db, room.roomId) : room.users;
    for (const user of moved) candidates.add(user);
  }
  candidates.delete(viewer);

  const shared = await sharedNow(db, viewer, candidates);
  const now = new Set(shared.map(({ userId }) => userId));
  for (const { roomId, userId } of shared) {
    const room = touched.get(roomId);
    if (room === undefined || !(room.isForAll || room.users.has(userId))) before.add(userId);
  }
  return {
    begun: [...candidates].filter((user) => now.has(user) && !before.has(user)),
    ended: [...candidates].filter((user) => !now.has(user) && before.has(user)),
  };
}

/** An encrypted room in which something has changed about who is there. */
interface TouchedRoom {
  readonly roomId: string;
  /** Those with a membership event of late. */
  readonly users: Set<string>;
  /** The viewer is one of them, or encryption is new: it changes something between the viewer and everybody there. */
  isForAll: boolean;
}

async function touchedRooms(
  db: Database,
  viewer: string,
  { after, upTo }: StreamRange,
): Promise<Map<string, TouchedRoom>> {
  const rows = await db
    .selectFrom("hs_stream as entry")
    .innerJoin("hs_events as event", "event.event_id", "entry.reference")
    .select(["event.room_id", "event.type", "event.state_key"])
    .where("entry.kind", "=", "event")
    .where("entry.position", ">", after)
    .where("entry.position", "<=", upTo)
    .where("event.type", "in", ["m.room.member", "m.room.encryption"])
    .where("event.state_key", "is not", null)
    .execute();
  const relevant = await encryptedRoomsOf(db, viewer, new Set(rows.map((row) => row.room_id)));
  const touched = new Map(
    relevant.map((roomId) => [roomId, { roomId, users: new Set<string>(), isForAll: false } as TouchedRoom]),
  );
  for (const { room_id: roomId, type, state_key: stateKey } of rows) {
    const room = touched.get(roomId);
    if (room === undefined || stateKey === null) continue;
    if (type === "m.room.encryption" || stateKey === viewer) room.isForAll = true;
    else room.users.add(stateKey);
  }
  return touched;
}

/** Of the rooms, those with encryption that the viewer has or had something to do with. */
async function encryptedRoomsOf(db: Database, viewer: string, roomIds: Iterable<string>): Promise<string[]> {
  const rows = await inBatches(roomIds, (batch) =>
    inEncryptedRooms(db, viewer).select("own.room_id").where("own.room_id", "in", batch).execute(),
  );
  return rows.map((row) => row.room_id);
}

function inEncryptedRooms(db: Database, viewer: string) {
  const switchedOn = { "encryption.type": "m.room.encryption", "encryption.state_key": "" };
  return db
    .selectFrom("hs_memberships as own")
    .innerJoin("hs_events as encryption", "encryption.room_id", "own.room_id")
    .where(equal({ "own.user_id": viewer, ...switchedOn }))
    .where("encryption.replaced_at", "is", null);
}

/** With whom the viewer shared the room then, if it was encrypted; of the others, only those who have come or gone since. */
async function sharersAt(
  db: Database,
  viewer: string,
  { roomId, users, isForAll }: TouchedRoom,
  position: number,
): Promise<string[]> {
  const depth = await depthAtPosition(db, roomId, position);
  if ((await stateEventAt(db, roomId, depth, "m.room.encryption")) === undefined) return [];
  const [own] = await joinedAt(db, roomId, depth, [viewer]);
  if (own === undefined) return [];
  return (await joinedAt(db, roomId, depth, isForAll ? undefined : users)).filter((user) => user !== viewer);
}

async function joinedAt(db: Database, roomId: string, depth: number, users?: Iterable<string>): Promise<string[]> {
  const members = db
    .selectFrom("hs_events")
    .selectAll()
    .where(equal({ room_id: roomId, type: "m.room.member" }))
    .where("state_key", "is not", null)
    .where("depth", "<=", depth)
    .where((is) => is.or([is("replaced_at", "is", null), is("replaced_at", ">", depth)]));
  const rows =
    users === undefined
      ? await members.execute()
      : await inBatches(users, (batch) => members.where("state_key", "in", batch).execute());
  return rows
    .map(toRoomEvent)
    .filter(({ content }) => content["membership"] === "join")
    .map(({ stateKey }) => stateKey ?? "");
}

async function joinedTo(db: Database, roomId: string): Promise<string[]> {
  return (await membersOf(db, roomId, "join")).map(({ userId }) => userId);
}

/** Each encrypted room that the viewer is in together with one of the users. */
async function sharedNow(db: Database, viewer: string, users: Iterable<string>) {
  return inBatches(users, (batch) =>
    inEncryptedRooms(db, viewer)
      .innerJoin("hs_memberships as other", "other.room_id", "own.room_id")
      .select(["other.room_id as roomId", "other.user_id as userId"])
      .where(equal({ "own.membership": "join", "other.membership": "join" }))
      .where("other.user_id", "in", batch)
      .execute(),
  );
}
