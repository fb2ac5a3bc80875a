/** The formats that are looked into; the names are those of their media types. */
export type ImageFormat = "jpeg" | "png" | "gif" | "webp";

/** What the worker is asked to do with a file. */
export type ImageJob = MeasureJob | ThumbnailJob;

interface MeasureJob {
  readonly kind: "measure";
  readonly source: string;
}

interface ThumbnailJob {
  readonly kind: "thumbnail";
  readonly source: string;
  readonly wanted: ThumbnailSize;
  readonly animated: boolean;
  readonly maximumPixels: number;
}

/** Null is the size of the image itself. */
export type ThumbnailSize = {
  readonly width: number;
  readonly height: number;
  readonly method: "scale" | "crop";
} | null;

export type ImageOutcome =
  | { readonly kind: "measured"; readonly format: ImageFormat; readonly width: number; readonly height: number }
  | { readonly kind: "made"; readonly format: ImageFormat; readonly bytes: Uint8Array<ArrayBuffer> }
  /** The file as it is does for the thumbnail. */
  | { readonly kind: "original"; readonly format: ImageFormat }
  /** Too many pixels, or too long at work. */
  | { readonly kind: "too-large" }
  /** Of no such format, or broken. */
  | { readonly kind: "no-image" };
