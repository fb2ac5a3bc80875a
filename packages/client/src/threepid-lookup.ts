import type { operations } from "@matrix-openapi/definitions/identity";
import type { IdentityClient, IdentityCommonErrors } from "./identity-client.ts";
import type { Result } from "./result.ts";
import type { Threepid } from "./threepid-hash.ts";
import { hashThreepid } from "./threepid-hash.ts";

/** What a lookup found: user IDs by the addresses as they were given, for those that were found. */
export interface ThreepidsFound {
  readonly ok: true;
  readonly data: ReadonlyMap<string, string>;
  readonly error?: undefined;
}

/** The server does not take hashes, and addresses are not shown to it in the clear. */
export interface HashingUnsupported {
  readonly ok: false;
  readonly kind: "hashing-unsupported";
  readonly status: 0;
  readonly algorithms: readonly string[];
  readonly error?: undefined;
}

type Failed<Id extends keyof operations> = Extract<
  Result<operations[Id]["responses"], IdentityCommonErrors>,
  { ok: false }
>;

/**
 * Finds the users who have bound these addresses, without telling the server the addresses it does not know. Servers
 * change the pepper from time to time; a lookup that met the change is made once more with the new one.
 * https://spec.matrix.org/v1.19/identity-service-api/#association-lookup
 */
export async function lookupThreepids(
  client: IdentityClient,
  threepids: readonly Threepid[],
): Promise<ThreepidsFound | HashingUnsupported | Failed<"getHashDetails"> | Failed<"lookupUsers">> {
  for (let attempt = 1; ; attempt++) {
    const details = await client.GET("/_matrix/identity/v2/hash_details");
    if (!details.ok) return details;
    const { algorithms, lookup_pepper: pepper } = details.data;
    if (!algorithms.includes("sha256")) return { ok: false, kind: "hashing-unsupported", status: 0, algorithms };

    const hashes = await Promise.all(
      threepids.map((threepid) => hashThreepid({ ...threepid, pepper, algorithm: "sha256" })),
    );
    const found = await client.POST("/_matrix/identity/v2/lookup", {
      body: { addresses: hashes, algorithm: "sha256", pepper },
    });
    if (!found.ok) {
      const isPepperOld = found.status === 400 && found.error.errcode === "M_INVALID_PEPPER";
      if (isPepperOld && attempt === 1) continue;
      return found;
    }
    const users = threepids.map(({ address }, index) => [address, found.data.mappings[hashes[index] ?? ""]] as const);
    return { ok: true, data: new Map(users.filter((pair): pair is [string, string] => pair[1] !== undefined)) };
  }
}
