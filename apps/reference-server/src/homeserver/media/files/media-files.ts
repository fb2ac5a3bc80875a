import { access, open, opendir, rm, stat } from "node:fs/promises";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { ReadableStream as NodeReadableStream } from "node:stream/web";
import type { FileContent } from "@matrix-openapi/server";
import { randomBase64url } from "../../../crypto/random.ts";
import type { Random } from "../../../crypto/random.ts";
import type { MediaFolder } from "./media-folder.ts";
import { syncFolder } from "./media-folder.ts";

/** A file that is on disk, and belongs to nobody until a row names it. */
export interface StoredFile {
  readonly file: string;
  readonly size: number;
}

/** The originals, each under a name of ours that is used once, so that nothing of a request becomes part of a path. */
export interface MediaFiles {
  /** Resolves when all of it would survive a power failure; leaves nothing when it fails. */
  write(content: Uint8Array | AsyncIterable<Uint8Array>): Promise<StoredFile>;
  /** Throws where the folder has lost it. */
  path(file: string): Promise<string>;
  remove(file: string): Promise<void>;
  /** Names of files that were last written before a time. */
  olderThan(time: number): AsyncGenerator<string>;
}

export function createMediaFiles(folder: MediaFolder, random: Random): MediaFiles {
  const place = async (file: string) => join(await folder.files(), file);
  return {
    async path(file) {
      const path = await place(file);
      await access(path);
      return path;
    },
    async write(content) {
      const file = randomBase64url(random, 18);
      const target = await place(file);
      try {
        const size = await writeDurably(target, content);
        await syncFolder(await folder.files());
        return { file, size };
      } catch (error) {
        await rm(target, { force: true });
        throw error;
      }
    },
    async remove(file) {
      await rm(await place(file), { force: true });
    },
    async *olderThan(time) {
      for await (const { name } of await opendir(await folder.files())) {
        const facts = await stat(await place(name)).catch(() => undefined); // another process was faster
        if (facts !== undefined && facts.mtimeMs < time) yield name;
      }
    },
  };
}

/** Creates a file, whole and on disk; its size. */
export async function writeDurably(path: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<number> {
  await using handle = await open(path, "wx", 0o600);
  await handle.writeFile(content);
  await handle.sync();
  return (await handle.stat()).size;
}

/** A file as the body of an answer; opened only when somebody reads it, because a HEAD request does not. */
export function fileContent(path: string, size: number): FileContent {
  return {
    size,
    // Node's own type for the same class.
    read: (start, end) => NodeReadableStream.from(chunksOf(path, start, end)) as ReadableStream<Uint8Array>,
  };
}

async function* chunksOf(path: string, start: number, end: number): AsyncGenerator<Uint8Array> {
  if (start === end) return;
  const options = { highWaterMark: 256 * 1024, start, end: end - 1 };
  yield* createReadStream(path, options) as AsyncIterable<Uint8Array>; // no encoding: bytes
}
