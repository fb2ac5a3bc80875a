import { compiledQuery } from "../../storage/compiled-query.ts";
import type { Database } from "../../storage/database.ts";
import type { StreamKind, StreamRange } from "../../storage/stream-entry.ts";
import type { SessionOwner } from "../home.ts";
import { roomsOf, usersSharingRooms } from "../rooms/memberships.ts";

/** An entry of the stream, with what an event is. */
export interface Entry {
  readonly kind: StreamKind;
  readonly roomId: string | null;
  readonly userId: string | null;
  readonly deviceId: string | null;
  readonly eventType: string | null;
}

/** What a part of the stream is about; undefined where it is too long to be looked through. */
export type Entries = readonly Entry[] | undefined;

/**
 * Tells whether a part of the stream can be news to a device, so that a waiting request looks further only then: everybody
 * who waits is woken by every commit.
 */
export function newsFor(db: Database, user: SessionOwner): (range: StreamRange) => Promise<boolean> {
  let joined: Promise<ReadonlySet<string>> | undefined;
  let near: Promise<ReadonlySet<string>> | undefined;
  return async (range) => {
    const entries = await entriesIn(db, range);
    if (entries === undefined) return true;
    for (const { kind, roomId, userId, deviceId } of entries) {
      if (userId === user.id && (deviceId === null || deviceId === user.deviceId)) return true;
      if (kind === "event" || kind === "receipt" || kind === "typing") {
        joined ??= roomsOf(db, user.id, "join").then((rooms) => new Set(rooms.map((room) => room.roomId)));
        if (roomId !== null && (await joined).has(roomId)) return true;
      }
      if (kind === "presence" || kind === "device_list") {
        near ??= usersSharingRooms(db, user.id).then((users) => new Set(users));
        if (userId !== null && (await near).has(userId)) return true;
      }
    }
    return false;
  };
}

const reading = new WeakMap<Database, Map<string, Promise<Entries>>>();

/** One read for all who ask at once: those who were woken by a commit all want the same part. */
export function entriesIn(db: Database, { after, upTo }: StreamRange): Promise<Entries> {
  const key = `${after} ${upTo}`;
  const running = reading.get(db) ?? new Map<string, Promise<Entries>>();
  reading.set(db, running);
  const entries = running.get(key) ?? readEntries(db, after, upTo).finally(() => running.delete(key));
  running.set(key, entries);
  return entries;
}

async function readEntries(db: Database, after: number, upTo: number): Promise<Entries> {
  if (upTo - after > mostEntries) return undefined;
  return selectEntries(db, { after, upTo });
}

const selectEntries = compiledQuery((db, { after, upTo }: StreamRange) =>
  db
    .selectFrom("hs_stream as entry")
    .leftJoin("hs_events as event", "event.event_id", "entry.reference")
    .select(["entry.kind", "entry.room_id as roomId", "entry.user_id as userId", "entry.device_id as deviceId"])
    .select("event.type as eventType")
    .where("entry.position", ">", after)
    .where("entry.position", "<=", upTo),
);

const mostEntries = 500;
