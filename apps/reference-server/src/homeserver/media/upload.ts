import { error, MatrixError, ok } from "@matrix-openapi/server";
import type { Platform } from "../../platform.ts";
import { withTransaction } from "../../storage/database.ts";
import { appendToStream } from "../../storage/stream.ts";
import type { Home, SomeHandlers } from "../home.ts";
import { readContentType } from "./content-type.ts";
import { cleanFileName } from "./file-name.ts";
import type { StoredFile } from "./files/media-files.ts";
import type { Media } from "./media.ts";
import { contentUri, createMediaId, enforceQuota, findMediaRow, insertUploaded } from "./media-records.ts";
import type { FileFacts } from "./media-records.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#post_matrixmediav3upload and its form in two steps */
export function uploadHandlers(home: Home, { files }: Media) {
  const { config, db } = home;

  /** The file first, then the row: what is answered with a content URI is on disk. */
  async function receive<T>(
    context: { request: Request; body: ReadableStream<Uint8Array>; params: { query: { filename?: string } } },
    record: (stored: StoredFile & FileFacts) => Promise<T>,
  ): Promise<T> {
    const stored = await files.write(context.body); // which ends at the limit: see maxUploadBytes
    const fileName = cleanFileName(context.params.query.filename ?? "");
    const contentType = readContentType(context.request.headers.get("content-type"));
    try {
      return await withTransaction(db, () => record({ ...stored, contentType, fileName: fileName || null }));
    } catch (reason) {
      await files.remove(stored.file);
      throw reason;
    }
  }

  return {
    async uploadContent(context) {
      const { mediaId } = await receive(context, async (stored) => {
        await enforceQuota(home, context.user.id, stored.size);
        return insertUploaded(home, stored, { userId: context.user.id });
      });
      return ok({ content_uri: contentUri(home, mediaId) });
    },

    async createContent({ user }) {
      const { mediaId, expiresAt } = await withTransaction(db, () => reserve(home, user.id));
      return ok({ content_uri: contentUri(home, mediaId), unused_expires_at: expiresAt });
    },

    async uploadContentToMXC(context) {
      const { serverName, mediaId } = context.params.path;
      if (serverName !== config.serverName) {
        return error(404, "M_NOT_FOUND", `Content URIs of this server begin with mxc://${config.serverName}/.`);
      }
      await receive(context, (stored) => fill(home, mediaId, context.user.id, stored));
      return ok({});
    },
  } satisfies SomeHandlers;
}

/** A content URI without a file, unless the user has too many of them. */
async function reserve(
  { config, db, clock, random }: Platform,
  userId: string,
): Promise<{ mediaId: string; expiresAt: number }> {
  const now = clock.now();
  const { pending, next } = await db
    .selectFrom("hs_media")
    .select(({ fn }) => [fn.countAll<number>().as("pending"), fn.min("expires_at").as("next")])
    .where("user_id", "=", userId)
    .where("uploaded_at", "is", null)
    .where("expires_at", ">", now)
    .executeTakeFirstOrThrow();
  if (pending >= config.media.maximumPendingUploads) {
    throw new MatrixError(
      429,
      "M_LIMIT_EXCEEDED",
      `You have ${pending} content URIs without a file: upload to them, or wait until they expire.`,
      { retry_after_ms: (next ?? now + config.media.pendingUploadLifetimeMs) - now },
    );
  }
  const mediaId = createMediaId(random);
  const expiresAt = now + config.media.pendingUploadLifetimeMs;
  await db
    .insertInto("hs_media")
    .values({ media_id: mediaId, user_id: userId, created_at: now, expires_at: expiresAt })
    .execute();
  return { mediaId, expiresAt };
}

/** Of several uploads to one content URI, the first to come here wins; those who wait for it are told. */
async function fill(
  home: Platform,
  mediaId: string,
  userId: string,
  { file, size, contentType, fileName }: StoredFile & FileFacts,
): Promise<void> {
  const { db, clock } = home;
  const row = await findMediaRow(home, mediaId);
  if (row === undefined) {
    throw new MatrixError(404, "M_NOT_FOUND", "There is no such content URI, or it has expired: create another one.");
  }
  if (row.user_id !== userId) {
    throw new MatrixError(403, "M_FORBIDDEN", "Another user has created this content URI: create one of your own.");
  }
  if (row.uploaded_at !== null) {
    throw new MatrixError(409, "M_CANNOT_OVERWRITE_MEDIA", "There is a file at this content URI: create another one.");
  }
  await enforceQuota(home, userId, size);
  await db
    .updateTable("hs_media")
    .set({ uploaded_at: clock.now(), expires_at: null, file, size, content_type: contentType, file_name: fileName })
    .where("media_id", "=", mediaId)
    .execute();
  appendToStream(db, { kind: "media", reference: mediaId });
}
