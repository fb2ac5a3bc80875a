import { canonicalJson, CanonicalJsonError } from "../crypto/canonical-json.ts";
import { verifyMessage } from "../crypto/signing-keys.ts";
import type { SigningKey } from "../crypto/signing-keys.ts";
import type { JsonObject } from "../json.ts";

/** What a signature between servers covers: https://spec.matrix.org/v1.19/server-server-api/#request-authentication */
interface SignedRequest {
  readonly method: string;
  /** Path and query, as they are sent. */
  readonly uri: string;
  readonly content?: JsonObject;
}

/** The parts of an `Authorization: X-Matrix` header. */
export interface XMatrix {
  readonly origin: string;
  /** Absent from senders older than v1.3. */
  readonly destination: string | undefined;
  readonly key: string;
  readonly sig: string;
}

/** The header that shows a request to come from `origin`, and to be meant for `destination` and nobody else. */
export function signRequest(request: SignedRequest, origin: string, destination: string, key: SigningKey): string {
  const sig = key.sign(signedText(request, origin, destination));
  return `X-Matrix origin="${origin}",destination="${destination}",key="${key.keyId}",sig="${sig}"`;
}

/** Null for another scheme, or where a part is missing; also for one that is too long, as anybody may send it. */
export function parseXMatrix(header: string | null): XMatrix | null {
  if (header !== null && header.length > maximumLength) return null;
  const [, parameters] = /^X-Matrix +(.+)$/i.exec(header ?? "") ?? [];
  if (parameters === undefined) return null;
  const values = new Map<string, string>();
  for (const [, name = "", quoted, bare = ""] of parameters.matchAll(
    /(?<![\w-])([\w-]+) *= *(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g,
  )) {
    values.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, "$1") ?? bare);
  }
  const [origin, key, sig] = ["origin", "key", "sig"].map((name) => values.get(name));
  if (origin === undefined || key === undefined || sig === undefined) return null;
  return { origin, destination: values.get("destination"), key, sig };
}

/** Two server names of 255 characters, a key ID and a signature take less than half of it. */
const maximumLength = 2048;

export function verifyRequest(
  request: SignedRequest,
  { origin, destination, sig }: XMatrix,
  publicKey: string,
): boolean {
  try {
    return verifyMessage(signedText(request, origin, destination), sig, publicKey);
  } catch (error) {
    if (error instanceof CanonicalJsonError) return false; // nobody can have signed it
    throw error;
  }
}

function signedText({ method, uri, content }: SignedRequest, origin: string, destination: string | undefined): string {
  return canonicalJson({
    method,
    uri,
    origin,
    ...(destination === undefined ? {} : { destination }),
    ...(content === undefined ? {} : { content }),
  });
}
