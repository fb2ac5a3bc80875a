import type { Account } from "../accounts.ts";
import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import type { JsonObject } from "../json.ts";
import { isObject, stringMember } from "../json.ts";
import { oncePerRun } from "../once-per-run.ts";
import { Blocked, NotOffered } from "../outcome.ts";
import type { Agreement } from "./agreement.ts";
import { agree } from "./agreement.ts";

/** Alice's account on the identity server, ready for use. */
interface IdentityAccount {
  readonly userId: string;
  readonly token: string;
  readonly agreement: Agreement;
}

export const identityAccount = oncePerRun(async (context: Context): Promise<IdentityAccount> => {
  const { userId } = await context.accounts.alice();
  const token = await signIn(context, await context.accounts.alice());
  return { userId, token, agreement: await agree(context, token) };
});

/** One more access token for this user; nothing is agreed to. */
export async function signIn(context: Context, account: Account): Promise<string> {
  const answer = await registerAccount(context, await openIdToken(context, account));
  const token = stringMember(answer.json, "token");
  if (answer.status !== 200 || token === undefined)
    throw new Blocked(answer, "registering with an OpenID token of the homeserver had to give 200 with `token`");
  return token;
}

export function registerAccount({ identity }: Context, openId: JsonObject): Promise<Exchange> {
  return identity.post("/_matrix/identity/v2/account/register", openId);
}

/** What the homeserver gives out for a third party to see who the user is. */
export async function openIdToken({ homeserver }: Context, account: Account): Promise<JsonObject> {
  const { userId, accessToken: token } = account;
  const path = `/_matrix/client/v3/user/${encodeURIComponent(userId)}/openid/request_token`;
  const answer = await homeserver.post(path, {}, { token });
  if (stringMember(answer.json, "errcode") === "M_UNRECOGNIZED")
    throw new NotOffered("the homeserver gives out no OpenID tokens, which an account on the identity server needs");
  if (answer.status !== 200 || !isObject(answer.json) || stringMember(answer.json, "access_token") === undefined)
    throw new Blocked(answer, "the homeserver had to give an OpenID token");
  return answer.json;
}
