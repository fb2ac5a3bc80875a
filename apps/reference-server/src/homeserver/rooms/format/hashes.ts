import { hash } from "node:crypto";
import { canonicalJson } from "../../../crypto/canonical-json.ts";
import { encodeUnpaddedBase64 } from "../../../crypto/unpadded-base64.ts";
import type { JsonObject } from "../../../json.ts";
import { redact } from "./redact.ts";
import type { RoomVersion } from "./room-version.ts";

/** Over all of the event: https://spec.matrix.org/v1.19/server-server-api/#calculating-the-content-hash-for-an-event */
export function contentHash(event: JsonObject): string {
  const { unsigned: _unsigned, signatures: _signatures, hashes: _hashes, ...rest } = event;
  return encodeUnpaddedBase64(sha256(canonicalJson(rest)));
}

/** What a redaction would leave, which signatures and the event's ID are made over. */
export function essentialText(event: JsonObject, version: RoomVersion): string {
  const { signatures: _signatures, unsigned: _unsigned, ...rest } = redact(event, version);
  return canonicalJson(rest);
}

/**
 * Of the essential text, in the URL-safe alphabet, because it becomes the event's ID.
 * https://spec.matrix.org/v1.19/server-server-api/#calculating-the-reference-hash-for-an-event
 */
export function referenceHash(essential: string): string {
  return Buffer.from(sha256(essential)).toString("base64url");
}

function sha256(text: string): Uint8Array {
  return hash("sha256", text, "buffer");
}
