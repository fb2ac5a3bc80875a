import type { TermsDocument, TermsPolicies } from "../../configuration/terms-policies.ts";
import type { Platform } from "../../platform.ts";

/** One language of a policy counts for all of them; a new version has to be agreed to anew. */
export async function hasSignedTerms({ config, db }: Platform, userId: string): Promise<boolean> {
  const policies = Object.entries(config.identity.terms);
  if (policies.length === 0) return true;
  const rows = await db
    .selectFrom("is_terms_acceptances")
    .select(["policy", "version"])
    .where("user_id", "=", userId)
    .execute();
  return policies.every(([policy, { version }]) =>
    rows.some((row) => row.policy === policy && row.version === version),
  );
}

/** Adds to what was accepted before; URLs that are none of our documents are nothing that could be agreed to. */
export async function acceptTerms(
  { config, db, clock }: Platform,
  userId: string,
  urls: readonly string[],
): Promise<void> {
  const accepted = documentsOf(config.identity.terms).filter(({ url }) => urls.includes(url));
  if (accepted.length === 0) return;
  const rows = accepted.map((document) => ({ user_id: userId, ...document, accepted_at: clock.now() }));
  await db
    .insertInto("is_terms_acceptances")
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

function documentsOf(terms: TermsPolicies): { policy: string; version: string; url: string }[] {
  return Object.entries(terms).flatMap(([policy, { version, ...languages }]) =>
    Object.values(languages)
      .filter((document): document is TermsDocument => typeof document === "object")
      .map(({ url }) => ({ policy, version, url })),
  );
}
