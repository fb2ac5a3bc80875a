import { MatrixError } from "@matrix-openapi/server";
import { CanonicalJsonError } from "../../../crypto/canonical-json.ts";
import type { JsonObject } from "../../../json.ts";
import type { Platform } from "../../../platform.ts";
import { contentHash, essentialText, referenceHash } from "./hashes.ts";
import type { RoomVersion } from "./room-version.ts";

/** An event that is complete, with the ID that follows from it. */
export interface SignedEvent {
  readonly eventId: string;
  readonly json: JsonObject;
}

/** In whose name events are signed, and with which key. */
interface Signer extends Pick<Platform, "signingKey"> {
  readonly config: Pick<Platform["config"], "serverName">;
}

/**
 * Hashes, signs and measures an event, as every server would before it sends it to others.
 * https://spec.matrix.org/v1.19/server-server-api/#signing-events
 */
export function signEvent({ config, signingKey }: Signer, event: JsonObject, version: RoomVersion): SignedEvent {
  try {
    const hashed = { ...event, hashes: { sha256: contentHash(event) } };
    const essential = essentialText(hashed, version);
    const signatures = { [config.serverName]: { [signingKey.keyId]: signingKey.sign(essential) } };
    const json = { ...hashed, signatures };
    checkSize(json);
    return { eventId: `$${referenceHash(essential)}`, json };
  } catch (error) {
    if (error instanceof CanonicalJsonError)
      throw new MatrixError(400, "M_BAD_JSON", `In the event, ${error.message}.`);
    throw error;
  }
}

const mostBytes = 65_536;
const mostBytesOfNames = 255;

/** https://spec.matrix.org/v1.19/client-server-api/#size-limits */
function checkSize(event: JsonObject): void {
  for (const name of ["sender", "room_id", "state_key", "type"]) {
    const value = event[name];
    if (typeof value === "string") limit(Buffer.byteLength(value), mostBytesOfNames, `The ${name} of the event`);
  }
  // As many bytes as in canonical JSON, which has them in another order.
  limit(Buffer.byteLength(JSON.stringify(event)), mostBytes, "The event, as servers send it to each other,");
}

function limit(bytes: number, most: number, what: string): void {
  if (bytes > most)
    throw new MatrixError(413, "M_TOO_LARGE", `${what} has ${bytes} bytes; at most ${most} are allowed.`);
}
