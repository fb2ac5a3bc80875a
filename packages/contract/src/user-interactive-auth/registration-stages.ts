// Rules about the stages that registration offers: puzzles, dummies, tokens, terms.

import type { Context } from "../context.ts";
import { isObject, member, stringMember } from "../json.ts";
import type { Failed } from "../outcome.ts";
import { fail, NotOffered, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { offeredStages, readChallenge } from "./challenge.ts";
import { openChallenges } from "./openings.ts";
import type { Reached } from "./reaching.ts";
import { completedOnTheWay, isCompleted, judgeWalked, openRegistration, reachStage, walkedStage } from "./reaching.ts";
import { withSession } from "./solver.ts";

export const recaptchaIsChecked: Rule = {
  id: "uia-29",
  title: "A missing or wrong recaptcha response is refused, and may be tried again",
  level: "derived",
  specUrl: clientServerSpec("google-recaptcha"),
  reason: "Responses expire while the person reads on; they have to be told so and get another try.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const reached = await reachStage(context, "m.login.recaptcha");
    const type = "m.login.recaptcha";
    const failure = await refusesEach(reached, type, [{ type }, { type, response: context.random(20) }]);
    return failure ?? completes(context, reached, type);
  },
};

export const dummyIsAlwaysCompleted: Rule = {
  id: "uia-33",
  title: "The dummy stage is completed by sending its type",
  level: "derived",
  specUrl: clientServerSpec("dummy-auth"),
  reason: "It asks for nothing; it is there to make a flow longer or to have one at all.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const type = "m.login.dummy";
    const walked = await walkedStage(context, type);
    if (walked === null) throw new NotOffered(`no flow that this run walks has ${type}`);
    return judgeWalked(walked, type);
  },
};

export const registrationTokenOnly: Rule = {
  id: "uia-35a",
  title: "Registration tokens are asked for by registration only",
  level: "must",
  specUrl: clientServerSpec("token-authenticated-registration"),
  reason: "The stage exists to let strangers in; whoever has an account has nothing to answer it with.",
  needs: ["homeserver"],
  testable: true,
  check: (context) => onlyRegistrationOffers(context, "m.login.registration_token"),
};

export const badRegistrationToken: Rule = {
  id: "uia-35b",
  title: "A registration token that is unknown, too long or not of the grammar is refused",
  level: "must",
  specUrl: clientServerSpec("token-authenticated-registration"),
  reason: "Tokens are opaque identifiers of at most 64 characters, and only those that were handed out open the door.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const type = "m.login.registration_token";
    const reached = await reachStage(context, type);
    const tokens = [context.random(20), "a".repeat(65), "not a token!"];
    return (
      (await refusesEach(
        reached,
        type,
        tokens.map((token) => ({ type, token })),
      )) ?? completes(context, reached, type)
    );
  },
};

export const registrationTokenValidity: Rule = {
  id: "uia-35c",
  title: "The validity of a registration token can be asked for",
  level: "must",
  specUrl: clientServerSpec("get_matrixclientv1registermloginregistration_tokenvalidity"),
  reason: "`valid` is false for a token nobody handed out, and the question is refused where registration is off.",
  needs: ["homeserver"],
  testable: true,
  async check({ homeserver, random, options }) {
    const path = "/_matrix/client/v1/register/m.login.registration_token/validity";
    const unknown = await homeserver.get(path, { query: { token: random(20) } });
    if (unknown.status === 404) throw new NotOffered("the server has no registration tokens");
    if (unknown.status === 403) {
      if (stringMember(unknown.json, "errcode") !== "M_FORBIDDEN")
        return fail(unknown, "403 M_FORBIDDEN where registration is off");
      const registration = await homeserver.post("/_matrix/client/v3/register", {});
      if (registration.status !== 403) return fail(unknown, "200 with `valid`, since registration is not off");
      return pass("registration is off");
    }
    if (unknown.status !== 200 || member(unknown.json, "valid") !== false)
      return fail(unknown, "200 with `valid: false` for a token that nobody handed out");
    const { registrationToken } = options;
    if (registrationToken === undefined) return pass();
    const known = await homeserver.get(path, { query: { token: registrationToken } });
    if (member(known.json, "valid") !== true)
      return fail(known, "200 with `valid: true` for the token given to this run");
    return pass();
  },
};

export const termsOnly: Rule = {
  id: "uia-36a",
  title: "Terms are asked for by registration only",
  level: "derived",
  specUrl: clientServerSpec("terms-of-service-at-registration"),
  reason: "The stage is defined for registering (since v1.11); nothing else may depend on having read a document.",
  needs: ["homeserver"],
  testable: true,
  check: (context) => onlyRegistrationOffers(context, "m.login.terms"),
};

export const termsAreComplete: Rule = {
  id: "uia-36b",
  title: "Each policy has a version, and each of its languages a name and a link",
  level: "derived",
  specUrl: clientServerSpec("terms-of-service-at-registration"),
  reason: "The client shows the name, opens the link, and remembers by the version what was accepted.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { opening, challenge } = await openRegistration(context);
    if (!offeredStages(challenge).has("m.login.terms"))
      throw new NotOffered("registration here does not ask to accept terms");
    const policies = member(member(challenge.params, "m.login.terms"), "policies");
    if (!isObject(policies)) return fail(opening, '`params["m.login.terms"].policies` to be an object');
    for (const [id, policy] of Object.entries(policies)) {
      if (!isObject(policy) || typeof policy["version"] !== "string")
        return fail(opening, `policy ${id}: \`version\` to be a string`);
      for (const [language, document] of Object.entries(policy)) {
        if (language === "version") continue;
        const url = stringMember(document, "url");
        if (stringMember(document, "name") === undefined || url === undefined || !/^https?:\/\//.test(url))
          return fail(opening, `policy ${id}, ${language}: a \`name\`, and an http(s) \`url\``);
      }
    }
    return pass();
  },
};

export const termsAreAccepted: Rule = {
  id: "uia-36c",
  title: "The terms stage is completed by sending its type",
  level: "derived",
  specUrl: clientServerSpec("terms-of-service-at-registration"),
  reason: "Sending it says that the person has accepted every policy; there is nothing else to send.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const type = "m.login.terms";
    return completes(context, await reachStage(context, type), type);
  },
};

async function onlyRegistrationOffers(context: Context, stage: string) {
  for (const { operation, answer, challenge } of await openChallenges(context)) {
    if (operation.operationId !== "register" && offeredStages(challenge).has(stage))
      return fail(answer, `${operation.operationId}: flows without ${stage}`);
  }
  return pass();
}

/** Sends auth data that must not do; each has to be answered as a failed attempt. */
async function refusesEach(
  reached: Reached,
  stage: string,
  attempts: readonly Record<string, string>[],
): Promise<Failed | null> {
  for (const auth of attempts) {
    const answer = await reached.send(withSession(auth, reached.challenge.session));
    const challenge = readChallenge(answer);
    const { errcode, error } = challenge?.body ?? {};
    if (
      challenge === null ||
      typeof errcode !== "string" ||
      typeof error !== "string" ||
      challenge.completed.includes(stage)
    )
      return fail(answer, `a 401 with \`flows\`, \`errcode\` and \`error\`, without ${stage} in \`completed\``);
  }
  return null;
}

/** After all that, the right auth data has to complete the stage; not tried where that would make another account. */
async function completes(context: Context, { send, solvers, challenge, isLast }: Reached, stage: string) {
  const solver = solvers[stage];
  if (solver === undefined) return pass(`not tried with what would complete ${stage}: this run was not given it`);
  if (isLast) return completedOnTheWay(context, stage);
  const answer = await send(withSession(await solver(challenge), challenge.session));
  return isCompleted(answer, stage) ? pass() : fail(answer, `a 401 with ${stage} in \`completed\``);
}
