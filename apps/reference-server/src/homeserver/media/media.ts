import type { Platform } from "../../platform.ts";
import { createMediaFiles } from "./files/media-files.ts";
import type { MediaFiles } from "./files/media-files.ts";
import { createMediaFolder } from "./files/media-folder.ts";
import { createThumbnails } from "./thumbnails/thumbnails.ts";
import type { Thumbnails } from "./thumbnails/thumbnails.ts";
import { createImageWorker } from "./thumbnails/image-worker.ts";
import type { ImageWorker } from "./thumbnails/image-worker.ts";

/** What the media repository has beside the database. */
export interface Media {
  readonly files: MediaFiles;
  readonly thumbnails: Thumbnails;
  readonly images: ImageWorker;
  close(): Promise<void>;
}

/** Opens nothing yet: folder and worker come with the first file. */
export function createMedia({ config, random }: Pick<Platform, "config" | "random">): Media {
  const folder = createMediaFolder(config);
  const files = createMediaFiles(folder, random);
  const images = createImageWorker();
  return {
    files,
    images,
    thumbnails: createThumbnails({ folder, files, images, random, maximumPixels: config.media.maximumPixels }),
    close: () => images.close(),
  };
}
