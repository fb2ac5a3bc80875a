import { link, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { randomBase64url } from "../../../crypto/random.ts";
import type { Random } from "../../../crypto/random.ts";
import { shareWork } from "../../share-work.ts";
import type { MediaFiles } from "../files/media-files.ts";
import { writeDurably } from "../files/media-files.ts";
import type { MediaFolder } from "../files/media-folder.ts";
import type { ImageFormat, ImageOutcome, ThumbnailSize } from "./image-job.ts";
import type { ImageWorker } from "./image-worker.ts";

export interface ThumbnailRequest {
  /** The original's name among the files. */
  readonly file: string;
  readonly size: ThumbnailSize;
  readonly animated: boolean;
}

export type ThumbnailOutcome =
  | { readonly kind: "thumbnail"; readonly path: string; readonly format: ImageFormat; readonly bytes: number }
  | Extract<ImageOutcome, { kind: "too-large" | "no-image" }>;

/** Thumbnails, made once and kept as files: `<original>/320x240-scale.jpeg`. */
export interface Thumbnails {
  find(request: ThumbnailRequest): Promise<ThumbnailOutcome>;
  /** Those made before a time, which are made again when asked for; run now and then. */
  prune(time: number): Promise<void>;
  removeOf(file: string): Promise<void>;
}

interface ThumbnailOptions {
  readonly folder: MediaFolder;
  readonly files: MediaFiles;
  readonly images: ImageWorker;
  readonly random: Random;
  readonly maximumPixels: number;
}

export function createThumbnails({ folder, files, images, random, maximumPixels }: ThumbnailOptions): Thumbnails {
  const share = shareWork<ThumbnailOutcome>();
  const folderOf = async (file: string) => join(await folder.thumbnails(), file);

  async function make({ file, size, animated }: ThumbnailRequest, place: string): Promise<ThumbnailOutcome> {
    const source = await files.path(file);
    const outcome = await images.run({ kind: "thumbnail", source, wanted: size, animated, maximumPixels });
    if (outcome.kind === "too-large" || outcome.kind === "no-image") return outcome;
    if (outcome.kind === "measured") throw new Error("expected a thumbnail of the image thread, got its measures");
    const path = `${place}.${outcome.format}`;
    await mkdir(await folderOf(file), { recursive: true, mode: 0o700 });
    const unfinished = join(await folder.thumbnails(), `.${randomBase64url(random, 12)}`);
    if (outcome.kind === "original") await link(source, unfinished);
    else await writeDurably(unfinished, outcome.bytes);
    await rename(unfinished, path);
    await rm(unfinished, { force: true }); // two names of one file are both left by a rename
    return { kind: "thumbnail", path, format: outcome.format, bytes: (await stat(path)).size };
  }

  return {
    async find(request) {
      const name = nameOf(request);
      const place = join(await folderOf(request.file), name);
      const kept = await findKept(await folderOf(request.file), name);
      return kept ?? share(place, () => make(request, place));
    },
    async prune(time) {
      const root = await folder.thumbnails();
      for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const path = join(entry.parentPath, entry.name);
        const facts = await stat(path).catch(() => undefined); // another process was faster
        if (facts !== undefined && facts.mtimeMs < time) await rm(path, { force: true });
      }
    },
    async removeOf(file) {
      await rm(await folderOf(file), { recursive: true, force: true });
    },
  };
}

function nameOf({ size, animated }: ThumbnailRequest): string {
  const dimensions = size === null ? "full" : `${size.width}x${size.height}-${size.method}`;
  return animated ? `${dimensions}-animated` : dimensions;
}

/** Its format, which depends on the image, is the end of its name. */
async function findKept(place: string, name: string): Promise<ThumbnailOutcome | undefined> {
  const formats: readonly ImageFormat[] = ["jpeg", "png", "webp", "gif"];
  for (const format of formats) {
    const path = join(place, `${name}.${format}`);
    const facts = await stat(path).catch(() => undefined);
    if (facts !== undefined) return { kind: "thumbnail", path, format, bytes: facts.size };
  }
  return undefined;
}
