import { mkdir, open } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Configuration } from "../../../configuration/configuration.ts";
import { ConfigurationError } from "../../../configuration/configuration-error.ts";

/** Where files and thumbnails are; made when it is first needed, as most tests upload nothing. */
export interface MediaFolder {
  /** Of the folder for originals. */
  files(): Promise<string>;
  /** Of the folder for thumbnails, which are made again when they are lost. */
  thumbnails(): Promise<string>;
}

export function createMediaFolder(config: Configuration): MediaFolder {
  const place = mediaPlace(config);
  let opened: Promise<string> | undefined;

  async function make(): Promise<string> {
    const root = resolve(place);
    for (const name of ["files", "thumbnails"]) await mkdir(join(root, name), { recursive: true, mode: 0o700 });
    for (const made of [root, dirname(root)]) await syncFolder(made);
    return root;
  }
  const below = async (name: string) => join(await (opened ??= make()), name);

  return {
    files: () => below("files"),
    thumbnails: () => below("thumbnails"),
  };
}

/** A file's entry in its folder is written like a file: it is on disk only when the folder has been synced. */
export async function syncFolder(path: string): Promise<void> {
  await using handle = await open(path);
  await handle.sync();
}

/** The configured folder, or the one beside the database's file; a database in memory gets one from who starts it. */
export function mediaPlace({ database, media }: Configuration): string {
  if (media.path !== null) return media.path;
  if (database !== ":memory:" && !database.includes("://")) return `${database}-media`;
  throw new ConfigurationError(
    "media.path is missing from the configuration; with PostgreSQL it names the folder of uploaded files, which all processes share",
  );
}
