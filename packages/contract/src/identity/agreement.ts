import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { isObject, member, stringMember } from "../json.ts";
import { Blocked } from "../outcome.ts";

/** A document that users have to agree to, with its URL in each language. */
interface Policy {
  readonly id: string;
  readonly urls: readonly string[];
}

/** What came of agreeing to the terms. */
export interface Agreement {
  readonly policies: readonly Policy[];
  /** The answer to asking for the account before anything was agreed to. */
  readonly before: Exchange;
  /** The answer to asking for the account once one language of each policy was agreed to. */
  readonly after: Exchange;
}

/** Agrees to one language of each policy, and where that is not enough, to all there are. */
export async function agree(context: Context, token: string): Promise<Agreement> {
  const policies = await offeredPolicies(context);
  const before = await askAccount(context, token);
  if (policies.length === 0) return { policies, before, after: before };
  await accept(
    context,
    token,
    policies.flatMap(({ urls }) => urls.slice(-1)),
  );
  const after = await askAccount(context, token);
  if (isUnsigned(after)) {
    await accept(
      context,
      token,
      policies.flatMap(({ urls }) => urls),
    );
    const last = await askAccount(context, token);
    if (isUnsigned(last)) throw new Blocked(last, "agreeing to all of the terms had to open the account");
  }
  return { policies, before, after };
}

export async function offeredPolicies({ identity }: Context): Promise<readonly Policy[]> {
  const { json } = await identity.get("/_matrix/identity/v2/terms");
  const policies = member(json, "policies");
  return Object.entries(isObject(policies) ? policies : {}).map(([id, policy]) => ({
    id,
    urls: Object.values(isObject(policy) ? policy : {}).flatMap((document) => stringMember(document, "url") ?? []),
  }));
}

export function accept({ identity }: Context, token: string, urls: readonly string[]): Promise<Exchange> {
  return identity.post("/_matrix/identity/v2/terms", { user_accepts: urls }, { token });
}

export function askAccount({ identity }: Context, token: string): Promise<Exchange> {
  return identity.get("/_matrix/identity/v2/account", { token });
}

export function isUnsigned(answer: Exchange): boolean {
  return stringMember(answer.json, "errcode") === "M_TERMS_NOT_SIGNED";
}
