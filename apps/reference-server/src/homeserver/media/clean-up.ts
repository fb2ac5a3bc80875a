import type { Platform } from "../../platform.ts";
import { systemClock } from "../../process/clock.ts";
import type { Media } from "./media.ts";
import { pruneKeptPreviews } from "./url-previews/kept-previews.ts";

const day = 24 * 3_600_000;

/**
 * Forgets content URIs that have expired, and takes away the files that no row names: what an upload that was cut off,
 * or lost a race, has left behind. A file is left alone for a day, because it is written before its row; for a day of
 * the disk's clock, since a test that moves the server's would lose files whose rows are still to come.
 */
export async function cleanUpMedia(
  home: Pick<Platform, "config" | "clock" | "db">,
  { files, thumbnails }: Media,
): Promise<void> {
  const { clock, db } = home;
  await pruneKeptPreviews(home);
  const used = await db.selectFrom("hs_media").select("media_id").limit(1).executeTakeFirst();
  if (used === undefined) return; // the folder need not even be there
  await db.deleteFrom("hs_media").where("expires_at", "<=", clock.now()).execute();
  for await (const file of files.olderThan(systemClock.now() - day)) {
    const row = await db.selectFrom("hs_media").select("media_id").where("file", "=", file).executeTakeFirst();
    if (row !== undefined) continue;
    await files.remove(file);
    await thumbnails.removeOf(file);
  }
  await thumbnails.prune(systemClock.now() - 30 * day);
}
