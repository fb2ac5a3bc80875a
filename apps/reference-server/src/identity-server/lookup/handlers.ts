import { error, ok } from "@matrix-openapi/server";
import type { Identity, SomeHandlers } from "../identity.ts";
import { currentPepper } from "./pepper.ts";

/** `none` is not offered: it would let anyone read addresses off the wire who could not guess them. */
const algorithm = "sha256";

/** Enough for an address book; who has more asks again, and is slower to try out all phone numbers there are. */
const maximumAddresses = 10_000;

/** https://spec.matrix.org/v1.19/identity-service-api/#association-lookup */
export function lookupHandlers(identity: Identity) {
  return {
    async getHashDetails() {
      return ok({ algorithms: [algorithm], lookup_pepper: await currentPepper(identity) });
    },
    async lookupUsers({ body }) {
      const { addresses, pepper } = body;
      if (body.algorithm !== algorithm) {
        return error(400, "M_INVALID_PARAM", `The algorithm is not one that this server offers: use ${algorithm}.`);
      }
      if (addresses.length > maximumAddresses) {
        const message = `There are ${addresses.length} addresses: send at most ${maximumAddresses} at a time.`;
        return error(400, "M_INVALID_PARAM", message);
      }
      const lookup_pepper = await currentPepper(identity);
      if (pepper !== lookup_pepper) {
        const message = "The pepper is not the current one: hash the addresses anew with lookup_pepper.";
        return error(400, "M_INVALID_PEPPER", message, { algorithm, lookup_pepper });
      }
      return ok({ mappings: await findUsers(identity, addresses) });
    },
  } satisfies SomeHandlers;
}

/** A hash of the wrong form is equal to none, so that it needs no rule of its own. */
async function findUsers({ db, clock }: Identity, hashes: readonly string[]): Promise<Record<string, string>> {
  if (hashes.length === 0) return {};
  const rows = await db
    .selectFrom("is_associations")
    .select(["lookup_hash", "user_id"])
    .where("lookup_hash", "in", hashes)
    .where("not_after", ">=", clock.now())
    .execute();
  return Object.fromEntries(rows.map((row) => [row.lookup_hash, row.user_id]));
}
