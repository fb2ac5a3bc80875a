/** What a position of the stream can be about; `reference` says which one. */
export type StreamKind =
  /** An event of a room; `reference` is its ID. */
  | "event"
  /** Account data of a user, of a room where `roomId` is there; `reference` is its type. */
  | "account_data"
  /** Receipts of a room; `reference` is the type of the receipt and its thread, `userId` whose it is. */
  | "receipt"
  /** Who types in a room has changed. */
  | "typing"
  /** A user's presence has changed. */
  | "presence"
  /** A message to a device; `reference` is its ID. */
  | "to_device"
  /** Keys or devices of a user have changed. */
  | "device_list"
  /** A device's one-time or fallback keys have changed. */
  | "device_keys"
  /** A device has been logged out: requests of it that wait are to end. */
  | "logout"
  /** A file has been uploaded to a content URI that was there before; `reference` is its media ID. Not told of in /sync. */
  | "media";

/** A part of the stream: what comes after the first position, up to and with the second. */
export interface StreamRange {
  readonly after: number;
  readonly upTo: number;
}

/** One entry of the homeserver's ordered stream, before it has its position. */
export interface StreamEntry {
  readonly kind: StreamKind;
  readonly roomId?: string;
  readonly userId?: string;
  readonly deviceId?: string;
  readonly reference?: string;
}
