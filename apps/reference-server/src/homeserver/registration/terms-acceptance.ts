import type { Platform } from "../../platform.ts";

/** Remembers which version of which policy a user has agreed to: https://spec.matrix.org/v1.19/client-server-api/#terms-of-service-at-registration */
export async function recordTermsAcceptance({ config, db, clock }: Platform, userId: string): Promise<void> {
  const acceptances = Object.entries(config.terms).map(([policy, { version }]) => ({
    user_id: userId,
    policy,
    version,
    accepted_at: clock.now(),
  }));
  if (acceptances.length > 0) await db.insertInto("hs_terms_acceptances").values(acceptances).execute();
}
