import { MatrixError } from "@matrix-openapi/server";
import type { Selectable } from "kysely";
import { randomBase64url } from "../../crypto/random.ts";
import type { Random } from "../../crypto/random.ts";
import type { Platform } from "../../platform.ts";
import type { Database } from "../../storage/database.ts";
import type { MediaTable } from "../../storage/migrations/0016-media.ts";
import type { StoredFile } from "./files/media-files.ts";

/** A content URI whose file is there. */
export interface UploadedMedia extends StoredFile {
  readonly mediaId: string;
  readonly uploadedAt: number;
  readonly contentType: string;
  readonly fileName: string | null;
}

/** What an upload says of its file. */
export interface FileFacts {
  readonly contentType: string;
  readonly fileName: string | null;
}

export type MediaRow = Selectable<MediaTable>;

/** Nobody guesses it, because whoever knows it may have the file. */
export function createMediaId(random: Random): string {
  return randomBase64url(random, 18);
}

export function contentUri({ config }: Pick<Platform, "config">, mediaId: string): string {
  return `mxc://${config.serverName}/${mediaId}`;
}

/** Undefined where there is none, or no longer. */
export async function findMediaRow(
  { db, clock }: Pick<Platform, "db" | "clock">,
  mediaId: string,
): Promise<MediaRow | undefined> {
  const row = await db.selectFrom("hs_media").selectAll().where("media_id", "=", mediaId).executeTakeFirst();
  return row === undefined || (row.expires_at !== null && row.expires_at <= clock.now()) ? undefined : row;
}

/** Null where nothing has been uploaded yet. */
export function uploadedMedia(row: MediaRow): UploadedMedia | null {
  const { uploaded_at: uploadedAt, file, size, content_type: contentType } = row;
  if (uploadedAt === null || file === null || size === null || contentType === null) return null;
  return { mediaId: row.media_id, uploadedAt, file, size, contentType, fileName: row.file_name };
}

interface Kept {
  readonly userId: string | null;
  /** A new one of ours unless given. */
  readonly mediaId?: string;
  /** For ever unless given. */
  readonly expiresAt?: number;
}

/** Makes a file that has been written available, in the place of an earlier one of that ID. */
export async function insertUploaded(
  { db, clock, random }: Pick<Platform, "db" | "clock" | "random">,
  { file, size, contentType, fileName }: StoredFile & FileFacts,
  { userId, mediaId = createMediaId(random), expiresAt }: Kept,
): Promise<UploadedMedia> {
  const uploadedAt = clock.now();
  const row = {
    media_id: mediaId,
    user_id: userId,
    created_at: uploadedAt,
    expires_at: expiresAt ?? null,
    uploaded_at: uploadedAt,
    file,
    size,
    content_type: contentType,
    file_name: fileName,
  };
  await db
    .insertInto("hs_media")
    .values(row)
    .onConflict((conflict) => conflict.column("media_id").doUpdateSet(row))
    .execute();
  return { mediaId, uploadedAt, file, size, contentType, fileName };
}

/** Throws what is answered with 403, inside the transaction that adds the file. */
export async function enforceQuota(
  { config, db }: Pick<Platform, "config" | "db">,
  userId: string,
  size: number,
): Promise<void> {
  const quota = config.media.maximumBytesPerUser;
  if (quota === null || (await bytesOf(db, userId)) + size <= quota) return;
  throw new MatrixError(
    403,
    "M_FORBIDDEN",
    `Your files would take more than ${quota} bytes, which is all you may use.`,
  );
}

async function bytesOf(db: Database, userId: string): Promise<number> {
  const { bytes } = await db
    .selectFrom("hs_media")
    .select(({ fn }) => fn.sum<number | null>("size").as("bytes"))
    .where("user_id", "=", userId)
    .executeTakeFirstOrThrow();
  return bytes ?? 0;
}
