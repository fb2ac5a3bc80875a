import { error, ok } from "@matrix-openapi/server";
import { signingKeyFromSeed } from "../../crypto/signing-keys.ts";
import { decodeUnpaddedBase64 } from "../../crypto/unpadded-base64.ts";
import type { Platform } from "../../platform.ts";
import type { Identity, SomeHandlers } from "../identity.ts";

/** https://spec.matrix.org/v1.19/identity-service-api/#key-management */
export function keyHandlers({ db, signingKey }: Identity) {
  return {
    async getPubKey({ params }) {
      const publicKey = (await longTermKeys(db)).get(params.path.keyId);
      if (publicKey !== undefined) return ok({ public_key: publicKey });
      return error(404, "M_NOT_FOUND", `There is no key of this ID: the current one is ${signingKey.keyId}.`);
    },
    async isPubKeyValid({ params }) {
      return ok({ valid: [...(await longTermKeys(db)).values()].includes(params.query.public_key) });
    },
    /** Strings are compared, as the specification asks: the key in another encoding is another key. */
    async isEphemeralPubKeyValid({ params }) {
      const invite = await db
        .selectFrom("is_invites")
        .select("token")
        .where("ephemeral_public_key", "=", params.query.public_key)
        .executeTakeFirst();
      return ok({ valid: invite !== undefined });
    },
  } satisfies SomeHandlers;
}

/** All that we ever signed with, by ID: what an earlier key signed stays valid. */
async function longTermKeys(db: Platform["db"]): Promise<ReadonlyMap<string, string>> {
  const rows = await db.selectFrom("is_signing_keys").select(["key_id", "seed"]).execute();
  return new Map(
    rows.map(({ key_id, seed }) => {
      const key = signingKeyFromSeed(decodeUnpaddedBase64(seed) ?? new Uint8Array(), versionOf(key_id));
      return [key.keyId, key.publicKey];
    }),
  );
}

function versionOf(keyId: string): string {
  return keyId.slice(keyId.indexOf(":") + 1);
}
