// Rules about the terms that users have to agree to.

import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { isObject, member, stringMember } from "../json.ts";
import { oncePerRun } from "../once-per-run.ts";
import { fail, NotOffered, pass, skip } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { identitySpec } from "../rule.ts";
import { identityAccount, signIn } from "./account.ts";
import { accept, askAccount, isUnsigned, offeredPolicies } from "./agreement.ts";

export const termsArePublic: Rule = {
  id: "is-14",
  title: "`GET /terms` lists the policies without an access token",
  level: "derived",
  specUrl: identitySpec("get_matrixidentityv2terms"),
  reason: "People read terms before they sign up for anything.",
  needs: ["identity"],
  testable: true,
  async check({ identity }) {
    const answer = await identity.get("/_matrix/identity/v2/terms");
    const policies = member(answer.json, "policies");
    if (answer.status !== 200 || !isObject(policies)) return fail(answer, "200 with an object `policies`");
    for (const [id, policy] of Object.entries(policies)) {
      if (typeof member(policy, "version") !== "string") return fail(answer, `policy ${id} to have a \`version\``);
      const { version: _version, ...languages } = isObject(policy) ? policy : {};
      for (const [language, document] of Object.entries(languages)) {
        if (stringMember(document, "name") === undefined || stringMember(document, "url") === undefined)
          return fail(answer, `policy ${id} to have \`name\` and \`url\` in the language ${language}`);
      }
    }
    return pass();
  },
};

export const agreementsAddUp: Rule = {
  id: "is-15",
  title: "What is agreed to is added to what was agreed to before",
  level: "must",
  specUrl: identitySpec("post_matrixidentityv2terms"),
  reason: "Clients send what the person has just ticked, not what they ticked last year.",
  needs: ["homeserver", "identity"],
  testable: true,
  async check(context) {
    const { after } = await agreedOneByOne(context);
    if (isUnsigned(after)) return fail(after, "no M_TERMS_NOT_SIGNED once every policy was agreed to, one by one");
    return pass();
  },
};

export const anyLanguageCounts: Rule = {
  id: "is-16",
  title: "Agreeing to a policy in one language counts for all of them",
  level: "should",
  specUrl: identitySpec("post_matrixidentityv2terms"),
  reason: "A person reads the terms once, in a language they know.",
  needs: ["homeserver", "identity"],
  testable: true,
  async check(context) {
    const { policies, before, after } = (await identityAccount(context)).agreement;
    if (!policies.some(({ urls }) => urls.length > 1)) return skip("no policy here has more than one language");
    if (!isUnsigned(before)) return skip("the account is open without agreeing to the terms");
    if (isUnsigned(after)) return fail(after, "no M_TERMS_NOT_SIGNED after agreeing to one language of each policy");
    return pass();
  },
};

export const agreeingIsAlwaysPossible: Rule = {
  id: "is-17",
  title: "Agreeing to some of the terms is not refused for want of the others",
  level: "should",
  specUrl: identitySpec("post_matrixidentityv2terms"),
  reason: "Otherwise nobody who agrees to one policy at a time could ever agree to all.",
  needs: ["homeserver", "identity"],
  testable: true,
  async check(context) {
    const { answers } = await agreedOneByOne(context);
    const refused = answers.find((answer) => isUnsigned(answer) || answer.status !== 200);
    return refused === undefined ? pass() : fail(refused, "200 {} for agreeing to one policy");
  },
};

/** Bob agrees to every language of one policy after the other; alice has agreed to all at once. */
const agreedOneByOne = oncePerRun(async (context: Context) => {
  const policies = await offeredPolicies(context);
  if (policies.length === 0) throw new NotOffered("the server has no terms to agree to");
  const token = await signIn(context, await context.accounts.bob());
  if (!isUnsigned(await askAccount(context, token)))
    throw new NotOffered("the account is open without agreeing to the terms");
  const answers: Exchange[] = [];
  for (const { urls } of policies) answers.push(await accept(context, token, urls));
  return { answers, after: await askAccount(context, token) };
});
