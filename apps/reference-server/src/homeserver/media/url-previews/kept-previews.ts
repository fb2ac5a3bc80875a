import type { JsonObject } from "../../../json.ts";
import type { Platform } from "../../../platform.ts";

/**
 * A preview from before `at`, the newest of those that are not too old for it; or else one from after it.
 * Undefined where the page has to be visited.
 */
export async function findKeptPreview(
  { config, clock, db }: Pick<Platform, "config" | "clock" | "db">,
  url: string,
  at: number,
): Promise<JsonObject | undefined> {
  const lifetime = config.media.urlPreviews.cacheLifetimeMs;
  const from = (time: number) =>
    db.selectFrom("hs_url_previews").select("preview").where("url", "=", url).where("fetched_at", ">", time);
  const before = await from(at - lifetime)
    .where("fetched_at", "<=", at)
    .orderBy("fetched_at", "desc")
    .executeTakeFirst();
  const row =
    before ??
    (await from(clock.now() - lifetime)
      .orderBy("fetched_at")
      .executeTakeFirst());
  return row === undefined ? undefined : (JSON.parse(row.preview) as JsonObject); // as it was written
}

export async function keepPreview(
  { clock, db }: Pick<Platform, "clock" | "db">,
  url: string,
  preview: object,
): Promise<void> {
  await db
    .insertInto("hs_url_previews")
    .values({ url, fetched_at: clock.now(), preview: JSON.stringify(preview) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Forgets what is no longer repeated, some time after it, for those who ask for how a page was; run now and then. */
export async function pruneKeptPreviews({
  config,
  clock,
  db,
}: Pick<Platform, "config" | "clock" | "db">): Promise<void> {
  const until = clock.now() - 7 * config.media.urlPreviews.cacheLifetimeMs;
  await db.deleteFrom("hs_url_previews").where("fetched_at", "<=", until).execute();
}
