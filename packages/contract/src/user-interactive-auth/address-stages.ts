// Rules about the stages that are done by reading a mail or an SMS.

import type { Context } from "../context.ts";
import type { Medium } from "../new-address.ts";
import type { Failed, Passed } from "../outcome.ts";
import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { readChallenge } from "./challenge.ts";
import { completedOnTheWay, reachStage } from "./reaching.ts";
import { withSession } from "./solver.ts";
import { threepidAuth } from "./stage-solvers.ts";
import { requestToken, submitToken } from "./validated-address.ts";

export const emailStage: Rule = {
  id: "uia-31",
  title: "The email stage is completed once the address is validated, and not before",
  level: "derived",
  specUrl: clientServerSpec("email-based-identity--homeserver"),
  reason: "`sid` and `client_secret` name the validation; the server itself knows whether the link was opened.",
  needs: ["homeserver", "mail"],
  testable: true,
  check: (context) => validatesFirst(context, "m.login.email.identity", "email"),
};

export const msisdnStage: Rule = {
  id: "uia-32",
  title: "The phone stage is completed once the number is validated, and not before",
  level: "derived",
  specUrl: clientServerSpec("phone-numbermsisdn-based-identity--homeserver"),
  reason: "`sid` and `client_secret` name the validation; the server itself knows whether the code was handed in.",
  needs: ["homeserver", "sms"],
  testable: true,
  check: (context) => validatesFirst(context, "m.login.msisdn", "msisdn"),
};

async function validatesFirst(context: Context, stage: string, medium: Medium): Promise<Passed | Failed> {
  const { send, challenge, isLast } = await reachStage(context, stage);
  const requested = await requestToken(context, medium, "register");
  const auth = withSession(threepidAuth(stage, requested), challenge.session);
  const early = await send(auth);
  const refused = readChallenge(early);
  if (refused === null || typeof refused.body["errcode"] !== "string" || refused.completed.includes(stage))
    return fail(early, `before the address is validated: a 401 with \`errcode\`, without ${stage} in \`completed\``);
  if (isLast) return completedOnTheWay(context, stage);
  await submitToken(context, requested);
  const answer = await send(auth);
  if (readChallenge(answer)?.completed.includes(stage) !== true)
    return fail(answer, `once the address is validated: a 401 with ${stage} in \`completed\``);
  return pass();
}
