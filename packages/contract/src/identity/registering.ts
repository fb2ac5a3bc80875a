// Rules about getting an access token, and giving it back.

import type { Exchange } from "../exchange.ts";
import { isObject, stringMember } from "../json.ts";
import type { Outcome } from "../outcome.ts";
import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { identitySpec } from "../rule.ts";
import { identityAccount, openIdToken, registerAccount, signIn } from "./account.ts";
import { askAccount } from "./agreement.ts";

export const openIdTokenOpensAccount: Rule = {
  id: "is-11",
  title: "An OpenID token of the homeserver gives an access token, whose owner is its user",
  level: "must",
  specUrl: identitySpec("post_matrixidentityv2accountregister"),
  reason: "It is the only way to an account, and whatever is published there is published in the owner's name.",
  needs: ["homeserver", "identity"],
  testable: true,
  async check(context) {
    const alice = await context.accounts.alice();
    const registered = await registerAccount(context, await openIdToken(context, alice));
    const token = stringMember(registered.json, "token");
    if (registered.status !== 200 || token === undefined) return fail(registered, "200 with a string `token`");
    await identityAccount(context); // which agrees to the terms
    const answer = await askAccount(context, token);
    if (answer.status !== 200 || stringMember(answer.json, "user_id") !== alice.userId)
      return fail(answer, `200 with ${alice.userId} as the owner of the token`);
    return pass();
  },
};

export const badOpenIdTokenIsRefused: Rule = {
  id: "is-12a",
  title: "An OpenID token that the homeserver does not know is refused",
  level: "derived",
  specUrl: identitySpec("post_matrixidentityv2accountregister"),
  reason: "Anybody could make one up, and publish in another's name.",
  needs: ["homeserver", "identity"],
  testable: true,
  async check(context) {
    const openId = await openIdToken(context, await context.accounts.alice());
    const answer = await registerAccount(context, { ...openId, access_token: context.random(32) });
    return judgeRefusal(answer, "an OpenID token that is made up");
  },
};

export const expiredOpenIdTokenIsRefused: Rule = {
  id: "is-12b",
  title: "An OpenID token that has expired is refused",
  level: "derived",
  specUrl: identitySpec("post_matrixidentityv2accountregister"),
  reason: "It has been shown to third parties, any of which could use it again later.",
  needs: ["homeserver", "identity", "clock"],
  testable: true,
  async check(context) {
    const openId = await openIdToken(context, await context.accounts.alice());
    await context.clock?.advance(Number(openId["expires_in"]) * 1000 + 1000);
    const answer = await registerAccount(context, openId);
    return judgeRefusal(answer, "an expired OpenID token");
  },
};

/** The text has no answer but the successful one, so any refusal will do; a 5xx makes clients try in vain again. */
function judgeRefusal(answer: Exchange, what: string): Outcome {
  if (answer.status < 400) return fail(answer, `a refusal of ${what}`);
  return answer.status < 500 ? pass() : pass(`${what} is refused with a ${answer.status}`);
}

export const homeserverVouchesForItsOwn: Rule = {
  id: "is-12x",
  title: "The owner of an OpenID token belongs to the homeserver that was asked",
  level: "security",
  specUrl: identitySpec("post_matrixidentityv2accountregister"),
  reason: "Otherwise any homeserver could vouch for the users of any other.",
  needs: ["homeserver", "identity"],
  testable: {
    no: "takes a lying homeserver with a certificate that the identity server trusts, which asks it by itself",
  },
};

export const logoutEndsToken: Rule = {
  id: "is-13",
  title: "After logging out the access token is unknown",
  level: "must",
  specUrl: identitySpec("post_matrixidentityv2accountlogout"),
  reason: "A token that lives on is in the hands of whoever finds it.",
  needs: ["homeserver", "identity"],
  testable: true,
  async check(context) {
    await identityAccount(context); // which agrees to the terms
    const token = await signIn(context, await context.accounts.alice());
    const logout = await context.identity.send("POST", "/_matrix/identity/v2/account/logout", { token });
    if (logout.status !== 200 || !isObject(logout.json)) return fail(logout, "200 {}");
    const answer = await askAccount(context, token);
    if (answer.status !== 401) return fail(answer, "401 for the token that was logged out");
    return pass();
  },
};
