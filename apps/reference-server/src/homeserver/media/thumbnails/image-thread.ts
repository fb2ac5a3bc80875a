import { open, readFile } from "node:fs/promises";
import { parentPort } from "node:worker_threads";
import Vips from "wasm-vips";
import type { ImageFormat, ImageJob, ImageOutcome, ThumbnailSize } from "./image-job.ts";

/**
 * A thread for what takes long and what strangers' files could break: images are read by libvips, in WebAssembly, one
 * after the other. Dimensions are looked at before any pixel is decoded.
 */
const vips = await Vips({
  dynamicLibraries: [],
  // Of broken files, of which it would warn line by line.
  preRun: ({ ENV }: { ENV: Record<string, string> }) => Object.assign(ENV, { VIPS_WARNING: "0" }),
});
vips.concurrency(1);
vips.Cache.max(0);

parentPort?.on("message", (job: ImageJob) => {
  void work(job).then((outcome) => {
    parentPort?.postMessage(outcome, outcome.kind === "made" ? [outcome.bytes.buffer] : []);
  });
});

async function work(job: ImageJob): Promise<ImageOutcome> {
  const format = await formatOf(job.source);
  if (format === null) return { kind: "no-image" };
  const bytes = await readFile(job.source);
  try {
    const facts = measure(bytes);
    if (job.kind === "measure") return { kind: "measured", format, width: facts.width, height: facts.height };
    const moves = job.animated && facts.frames > 1;
    if (facts.width * facts.height * (moves ? facts.frames : 1) > job.maximumPixels) return { kind: "too-large" };
    const target = targetOf(facts, job.wanted);
    if (target === null && (moves || facts.frames === 1)) return { kind: "original", format };
    const small = target ?? { ...facts, crop: null };
    return moves ? shrinkAnimation(bytes, small) : shrinkImage(bytes, format, small);
  } catch (error) {
    if (error instanceof Error) throw error; // not libvips', which throws C++ exceptions: another thread takes over
    return { kind: "no-image" };
  }
}

/** By its first bytes, whatever its type is said to be, so that no other decoder is ever reached. */
async function formatOf(source: string): Promise<ImageFormat | null> {
  await using file = await open(source);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(12), 0, 12, 0);
  const start = buffer.subarray(0, bytesRead).toString("latin1");
  if (start.startsWith("\xff\xd8\xff")) return "jpeg";
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) return "gif";
  return start.startsWith("RIFF") && start.endsWith("WEBP") ? "webp" : null;
}

interface Dimensions {
  readonly width: number;
  readonly height: number;
}

/** Upright, as people see it. */
function measure(bytes: Uint8Array): Dimensions & { readonly frames: number } {
  using image = vips.Image.newFromBuffer(bytes);
  const numberOf = (field: string, otherwise: number) =>
    image.getTypeof(field) === 0 ? otherwise : image.getInt(field);
  const frames = numberOf("n-pages", 1);
  const { width, height } = image;
  const liesOnItsSide = numberOf("orientation", 1) >= 5;
  return liesOnItsSide ? { width: height, height: width, frames } : { width, height, frames };
}

/** The size to scale to, and what to cut out of that. */
type Target = Dimensions & { readonly crop: Dimensions | null };

/**
 * Null where the image is no larger than what is wanted: nothing is enlarged, and nothing comes smaller than it was
 * asked for. https://spec.matrix.org/v1.19/client-server-api/#thumbnails
 */
function targetOf({ width, height }: Dimensions, wanted: ThumbnailSize): Target | null {
  if (wanted === null) return null;
  const factor = Math.max(wanted.width / width, wanted.height / height);
  if (factor >= 1) return null;
  return {
    width: Math.ceil(width * factor),
    height: Math.ceil(height * factor),
    crop: wanted.method === "crop" ? { width: wanted.width, height: wanted.height } : null,
  };
}

function shrinkImage(bytes: Uint8Array, source: ImageFormat, { width, height, crop }: Target): ImageOutcome {
  const size = crop ?? { width, height };
  using thumbnail = vips.Image.thumbnailBuffer(bytes, size.width, {
    height: size.height,
    size: "down",
    option_string: "fail_on=truncated",
    ...(crop !== null && { crop: "centre" }),
  });
  using image = thumbnail.colourspace("srgb");
  const format = source === "gif" ? "png" : source;
  return made(format, image.writeToBuffer(`.${format}[keep=none${format === "png" ? "" : ",Q=80"}]`));
}

/** All frames lie below each other in one image, so that each has to be cut by itself. */
function shrinkAnimation(bytes: Uint8Array, { width, height, crop }: Target): ImageOutcome {
  using all = vips.Image.thumbnailBuffer(bytes, width, {
    height,
    size: "down",
    option_string: "n=-1,fail_on=truncated",
  });
  if (crop === null) return made("webp", all.writeToBuffer(".webp[Q=80]"));
  const [left, top] = [(all.width - crop.width) >> 1, (all.pageHeight - crop.height) >> 1];
  const frames = Array.from({ length: Math.round(all.height / all.pageHeight) }, (_, index) =>
    all.crop(left, index * all.pageHeight + top, crop.width, crop.height),
  );
  using joined = vips.Image.arrayjoin(frames, { across: 1 });
  for (const frame of frames) frame.delete();
  using whole = joined.copy();
  whole.setInt("page-height", crop.height);
  return made("webp", whole.writeToBuffer(".webp[Q=80]"));
}

function made(format: ImageFormat, bytes: Uint8Array): ImageOutcome {
  return { kind: "made", format, bytes: Uint8Array.from(bytes) }; // a copy out of WebAssembly's memory
}
