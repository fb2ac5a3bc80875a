import { MatrixError } from "@matrix-openapi/server";
import type { Database } from "../../../storage/database.ts";
import type { Home } from "../../home.ts";

export interface Alias {
  readonly alias: string;
  readonly roomId: string;
  /** Who may always take it away again. */
  readonly creator: string;
}

/** An alias of this server by its localpart: https://spec.matrix.org/v1.19/appendices/#room-aliases */
export function ownAlias({ config }: Home, localpart: string): string {
  const alias = `#${localpart}:${config.serverName}`;
  if (localpart.includes(":") || !isAlias(alias)) throw noAlias(alias, "M_BAD_JSON");
  return alias;
}

/** Throws what is answered for text that is no alias. */
export function checkAlias(alias: string): void {
  if (!isAlias(alias)) throw noAlias(alias, "M_INVALID_PARAM");
}

function noAlias(alias: string, errcode: string): MatrixError {
  const form = "#, a name without colons, : and the server, at most 255 bytes";
  return new MatrixError(400, errcode, `${JSON.stringify(alias)} is not an alias: give ${form}.`);
}

function isAlias(text: string): boolean {
  return /^#[^:\0]+:[0-9A-Za-z.:[\]-]+$/.test(text) && text.isWellFormed() && Buffer.byteLength(text) <= 255;
}

export async function findAlias(db: Database, alias: string): Promise<Alias | undefined> {
  const row = await db.selectFrom("hs_room_aliases").selectAll().where("alias", "=", alias).executeTakeFirst();
  return row && { alias: row.alias, roomId: row.room_id, creator: row.creator };
}

/** False where it belongs to a room already. */
export async function claimAlias({ db, clock }: Home, { alias, roomId, creator }: Alias): Promise<boolean> {
  const row = await db
    .insertInto("hs_room_aliases")
    .values({ alias, room_id: roomId, creator, created_at: clock.now() })
    .onConflict((conflict) => conflict.doNothing())
    .returning("alias")
    .executeTakeFirst();
  return row !== undefined;
}

/** In the order in which they came. */
export async function aliasesOf(db: Database, roomId: string): Promise<string[]> {
  const rows = await db
    .selectFrom("hs_room_aliases")
    .select("alias")
    .where("room_id", "=", roomId)
    .orderBy("created_at")
    .orderBy("alias")
    .execute();
  return rows.map((row) => row.alias);
}
