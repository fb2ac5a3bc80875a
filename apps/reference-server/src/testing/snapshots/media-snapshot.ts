import { link, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** The uploaded files of one time, which stay although the server takes them away. */
export interface MediaSnapshot {
  restore(): Promise<void>;
}

/**
 * Files are written once and never changed, so that a second name for each is enough to keep it; thumbnails are made
 * again. The names are in the same folder, because they have to be on the same disk.
 */
export function createMediaSnapshots(mediaFolder: string): {
  take(): Promise<MediaSnapshot>;
  close(): Promise<void>;
} {
  const originals = join(mediaFolder, "files");
  const folders: string[] = [];
  return {
    async take() {
      const names = await readdir(originals).catch(none);
      if (names.length === 0) return { restore: async () => {} };
      const kept = await mkdtemp(join(mediaFolder, "snapshot-"));
      folders.push(kept);
      await linkAll(names, originals, kept);
      return {
        async restore() {
          await mkdir(originals, { recursive: true, mode: 0o700 });
          const there = new Set(await readdir(originals));
          const missing = names.filter((name) => !there.has(name));
          await linkAll(missing, kept, originals);
        },
      };
    },
    async close() {
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function linkAll(names: readonly string[], from: string, to: string): Promise<void> {
  await Promise.all(names.map((name) => link(join(from, name), join(to, name))));
}

function none(error: NodeJS.ErrnoException): string[] {
  if (error.code === "ENOENT") return []; // nothing has been uploaded yet
  throw error;
}
