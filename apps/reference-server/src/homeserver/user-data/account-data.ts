import { asJson } from "../../json.ts";
import type { JsonObject } from "../../json.ts";
import type { Database } from "../../storage/database.ts";
import { withTransaction } from "../../storage/database.ts";
import { appendToStream } from "../../storage/stream.ts";
import type { StreamRange } from "../../storage/stream-entry.ts";
import { updateIndividual } from "../push/notified-members.ts";
import { pushRulesOf } from "../push/own-rules.ts";

/** As `/sync` has it in `account_data`. A type, so that it is assignable to JsonValue. */
export type AccountDataEvent = { readonly type: string; readonly content: JsonObject };

/** By room, and that of no room. */
export interface AccountData {
  readonly global: readonly AccountDataEvent[];
  readonly rooms: ReadonlyMap<string, readonly AccountDataEvent[]>;
}

/** One piece of it; `roomId` is absent for what belongs to no room. */
export interface AccountDataKey {
  readonly userId: string;
  readonly roomId?: string;
  readonly type: string;
}

const pushRules = "m.push_rules";

/** Undefined where nothing is stored. The push rules are always there, in the form in which clients read them. */
export async function findAccountData(db: Database, key: AccountDataKey): Promise<JsonObject | undefined> {
  const { userId, roomId = "", type } = key;
  if (roomId === "" && type === pushRules) return pushRulesContent(db, userId);
  const row = await db
    .selectFrom("hs_account_data")
    .select("content")
    .where("user_id", "=", userId)
    .where("room_id", "=", roomId)
    .where("type", "=", type)
    .executeTakeFirst();
  return row && JSON.parse(row.content);
}

/** Replaces it and tells the user's clients; for types that the server keeps, too, such as `m.fully_read`. */
export async function storeAccountData(db: Database, key: AccountDataKey, content: JsonObject): Promise<void> {
  const { userId, roomId = "", type } = key;
  await withTransaction(db, async () => {
    const values = { user_id: userId, room_id: roomId, type, content: JSON.stringify(content) };
    await db
      .insertInto("hs_account_data")
      .values(values)
      .onConflict((conflict) =>
        conflict.columns(["user_id", "room_id", "type"]).doUpdateSet({ content: values.content }),
      )
      .execute();
    if (type === "m.ignored_user_list" && roomId === "") await updateIndividual(db, userId);
    appendToStream(db, { kind: "account_data", userId, reference: type, ...(roomId !== "" && { roomId }) });
  });
}

/** What there is, for a first sync. */
export async function allAccountData(db: Database, userId: string): Promise<AccountData> {
  const rows = await selectStored(db, userId).execute();
  const pieces = rows.map(({ room_id, type, content }) => ({ roomId: room_id, type, content: JSON.parse(content) }));
  return inRooms([{ roomId: "", type: pushRules, content: await pushRulesContent(db, userId) }, ...pieces]);
}

/** What there is for one room. */
export async function accountDataOf(db: Database, userId: string, roomId: string): Promise<AccountDataEvent[]> {
  const rows = await selectStored(db, userId).where("room_id", "=", roomId).execute();
  return rows.map(({ type, content }) => ({ type, content: JSON.parse(content) }));
}

function selectStored(db: Database, userId: string) {
  return db.selectFrom("hs_account_data").selectAll().where("user_id", "=", userId).orderBy("type");
}

/** What has changed between two positions of the stream, as it is now. */
export async function accountDataSince(
  db: Database,
  userId: string,
  { after, upTo }: StreamRange,
): Promise<AccountData> {
  const changed = await db
    .selectFrom("hs_stream as entry")
    .leftJoin("hs_account_data as data", (join) =>
      join
        .onRef("data.user_id", "=", "entry.user_id")
        .onRef("data.type", "=", "entry.reference")
        .on((on) => on("data.room_id", "=", on.fn.coalesce("entry.room_id", on.val("")))),
    )
    .select(["entry.room_id", "entry.reference as type", "data.content"])
    .distinct()
    .where("entry.user_id", "=", userId)
    .where("entry.kind", "=", "account_data")
    .where("entry.position", ">", after)
    .where("entry.position", "<=", upTo)
    .execute();
  const pieces: Piece[] = [];
  for (const { room_id, type, content } of changed) {
    if (content !== null) pieces.push({ roomId: room_id ?? "", type: type ?? "", content: JSON.parse(content) });
    else if (type === pushRules) pieces.push({ roomId: "", type, content: await pushRulesContent(db, userId) });
  }
  return inRooms(pieces);
}

interface Piece extends AccountDataEvent {
  readonly roomId: string;
}

function inRooms(pieces: readonly Piece[]): AccountData {
  const rooms = Map.groupBy(pieces, ({ roomId }) => roomId);
  const events = (of: readonly Piece[] = []) => of.map(({ type, content }) => ({ type, content }));
  const global = events(rooms.get(""));
  rooms.delete("");
  return { global, rooms: new Map([...rooms].map(([roomId, of]) => [roomId, events(of)])) };
}

async function pushRulesContent(db: Database, userId: string): Promise<JsonObject> {
  return asJson({ global: await pushRulesOf(db, userId) });
}
