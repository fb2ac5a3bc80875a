import { verifySignedJson } from "../crypto/signing-keys.ts";
import { asObject } from "../json.ts";
import { fetchObject } from "../outbound/fetch-object.ts";
import { OutboundError } from "../outbound/outbound-fetch.ts";
import type { Platform } from "../platform.ts";

/**
 * A homeserver's public key, asked of the homeserver itself; null where it cannot be had, has expired, or is not signed
 * by itself. https://spec.matrix.org/v1.19/server-server-api/#publishing-keys
 */
export async function fetchHomeserverKey(
  platform: Pick<Platform, "fetch" | "urls" | "clock">,
  serverName: string,
  keyId: string,
): Promise<string | null> {
  const published = await askForKeys(platform, serverName);
  if (published?.["server_name"] !== serverName) return null;
  const validUntil = published["valid_until_ts"];
  if (typeof validUntil !== "number" || validUntil < platform.clock.now()) return null;
  const { key } = asObject(asObject(published["verify_keys"])[keyId]);
  return typeof key === "string" && verifySignedJson(published, serverName, keyId, key) ? key : null;
}

async function askForKeys({ fetch, urls }: Pick<Platform, "fetch" | "urls">, serverName: string) {
  try {
    return await fetchObject(fetch, `${await urls.homeserverOf(serverName)}/_matrix/key/v2/server`);
  } catch (error) {
    if (error instanceof OutboundError) return null;
    throw error;
  }
}
