import type { ThumbnailSize } from "./image-job.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#thumbnails */
const standardSizes = [
  [32, 32],
  [96, 96],
  [320, 240],
  [640, 480],
  [800, 600],
] as const;

/**
 * What is made for a request. Scaled ones have one of the standard sizes, the next larger one, because clients scale them
 * anyway and each is kept; cropped ones have the proportions that are asked for. Beyond the largest it is the image itself.
 */
export function chooseSize(width: number, height: number, method: "scale" | "crop"): ThumbnailSize {
  const next = standardSizes.find(([w, h]) => w >= width && h >= height);
  if (method === "scale") return next === undefined ? null : { width: next[0], height: next[1], method };
  return Math.max(width, height) <= 800 ? { width, height, method } : null;
}
