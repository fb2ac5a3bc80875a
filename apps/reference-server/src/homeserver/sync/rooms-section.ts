import type { components } from "@matrix-openapi/definitions/client-server";
import type { Database } from "../../storage/database.ts";
import type { Home } from "../home.ts";
import { roomsOf } from "../rooms/memberships.ts";
import type { Membership } from "../rooms/memberships.ts";
import { stateEventAt } from "../rooms/state.ts";
import { isAmong } from "../timeline/event-filter.ts";
import { depthAtPosition } from "../timeline/tokens.ts";
import { accountDataOf } from "../user-data/account-data.ts";
import type { AccountData } from "../user-data/account-data.ts";
import { inviteFilter } from "../user-data/invite-permission.ts";
import { joinedRoom } from "./joined-room.ts";
import { leftRoom } from "./left-room.ts";
import type { SyncRequest } from "./request.ts";
import { strippedState } from "./stripped-state.ts";

type SyncedRooms = components["schemas"]["SyncedRooms"];
type Sections = { -readonly [Section in keyof Required<SyncedRooms>]: NonNullable<SyncedRooms[Section]> };

/** What is new in the user's rooms; undefined where nothing is. */
export async function roomsSection(
  home: Home,
  request: SyncRequest,
  accountData: AccountData,
): Promise<SyncedRooms | undefined> {
  const sections: Sections = { join: {}, invite: {}, knock: {}, leave: {} };
  const { rooms: wanted, not_rooms: unwanted } = request.filter.room ?? {};
  const touched = await touchedRooms(home, request);
  for (const membership of await roomsOf(home.db, request.user.id)) {
    const { roomId } = membership;
    const kinds = touched.get(roomId) ?? new Set();
    const mayHaveNews = request.since === undefined || request.fullState || kinds.size > 0;
    if (!isAmong(roomId, wanted, unwanted) || !(mayHaveNews || accountData.rooms.has(roomId))) continue;
    await addRoom(home, request, sections, { membership, kinds, accountData: accountData.rooms.get(roomId) ?? [] });
  }
  const filled = Object.entries(sections).filter(([, rooms]) => Object.keys(rooms).length > 0);
  return filled.length === 0 ? undefined : Object.fromEntries(filled);
}

interface TouchedRoom {
  /** The present one, which can be later than what this response tells of. */
  readonly membership: Membership;
  readonly kinds: ReadonlySet<string>;
  readonly accountData: AccountData["global"];
}

async function addRoom(
  home: Home,
  request: SyncRequest,
  sections: Sections,
  { membership: { roomId, forgotten }, kinds, accountData }: TouchedRoom,
): Promise<void> {
  const { db } = home;
  const { since, viewer, user, filter } = request;
  const upTo = await depthAtPosition(db, roomId, request.upTo);
  const after = since === undefined ? 0 : await depthAtPosition(db, roomId, since);
  const view = await viewer.room(roomId);
  const changedAt = view.membershipSince(upTo);
  if (changedAt === 0) return;
  const isNews = since === undefined || changedAt > after;
  const own = view.membershipAt(upTo);
  const isNew = since === undefined || view.membershipAt(after) !== "join";
  if (own === "join") {
    const stored = isNew && since !== undefined ? await accountDataOf(db, user.id, roomId) : accountData;
    const room = await joinedRoom(home, request, { roomId, after, upTo, isNew, kinds, accountData: stored });
    if (room !== undefined) sections.join[roomId] = room;
    return;
  }
  if (!isNews) return;
  if (own === "leave" || own === "ban") {
    if (since === undefined && (forgotten || filter.room?.include_leave !== true)) return;
    sections.leave[roomId] = await leftRoom(home, request, { roomId, after, upTo: changedAt, isNew, accountData });
    return;
  }
  const event = await stateEventAt(db, roomId, changedAt, "m.room.member", user.id);
  const sender = event?.sender ?? user.id;
  if (own === "invite" && !(await inviteFilter(db, user.id))(sender)) return;
  const events = await strippedState(home, roomId, changedAt, [...new Set([user.id, sender])]);
  if (own === "invite") sections.invite[roomId] = { invite_state: { events } };
  else sections.knock[roomId] = { knock_state: { events } };
}

/** The kinds of entries that each of the rooms has between the positions; some may be none of the user's. */
async function touchedRooms(
  { db }: Home,
  { since, upTo, user, entries }: SyncRequest,
): Promise<Map<string, Set<string>>> {
  const touched = new Map<string, Set<string>>();
  if (since === undefined) return touched;
  for (const { roomId, kind } of entries ?? (await ownEntries(db, user.id, since, upTo))) {
    if (roomId === null || !told.has(kind)) continue;
    touched.set(roomId, (touched.get(roomId) ?? new Set()).add(kind));
  }
  return touched;
}

const told = new Set<string>(["event", "receipt", "typing"]);

function ownEntries(db: Database, userId: string, after: number, upTo: number) {
  return db
    .selectFrom("hs_stream as entry")
    .innerJoin("hs_memberships as own", "own.room_id", "entry.room_id")
    .select(["entry.room_id as roomId", "entry.kind"])
    .distinct()
    .where("own.user_id", "=", userId)
    .where("entry.kind", "in", ["event", "receipt", "typing"])
    .where("entry.position", ">", after)
    .where("entry.position", "<=", upTo)
    .execute();
}
