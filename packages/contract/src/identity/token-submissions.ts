// Rules about handing a token in.

import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { member } from "../json.ts";
import type { Failed, Outcome } from "../outcome.ts";
import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { identitySpec } from "../rule.ts";
import { speaks } from "../versions.ts";
import { lookUp } from "./association.ts";
import { spokenVersions } from "./spoken-versions.ts";
import { isError, isStandardError } from "./standard-error.ts";
import type { ValidationSession } from "./validation.ts";
import { openValidation, rightSubmission, submitToken, usableMedia, validate } from "./validation.ts";

const submitTokenSpec = identitySpec("post_matrixidentityv2validateemailsubmittoken");

export const rightTokenValidates: Rule = {
  id: "is-34",
  title: "The right token is answered with `success: true`",
  level: "derived",
  specUrl: submitTokenSpec,
  reason: "It shows that whoever hands it in reads the messages to this address.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  check: (context) =>
    inEachMedium(context, async (session) => {
      const answer = await submitToken(context, session.medium, await rightSubmission(context, session));
      return isSuccess(answer) ? null : fail(answer, "200 with `success: true`");
    }),
};

export const wrongTokenIsIncorrect: Rule = {
  id: "is-35",
  title: "A wrong token is M_TOKEN_INCORRECT",
  level: "derived",
  specUrl: submitTokenSpec,
  reason: "The person has mistyped it and can try again, which no other code says (since v1.18).",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  check: (context) =>
    inEachMedium(context, async (session) => {
      const answer = await submitToken(context, session.medium, { ...session, token: "contract-wrong" });
      return judgeRefusal(context, answer, "M_TOKEN_INCORRECT");
    }),
};

export const badParameterIsInvalid: Rule = {
  id: "is-36",
  title: "A parameter of the wrong form is M_INVALID_PARAM when a token is handed in",
  level: "derived",
  specUrl: submitTokenSpec,
  reason: "It is the client's mistake, not the person's, and asking for the token again will not help (since v1.18).",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  check: (context) =>
    inEachMedium(context, async (session) => {
      for (const wrong of [{ sid: "contract/sid" }, { client_secret: "contract secret" }]) {
        const answer = await submitToken(context, session.medium, { ...session, token: "contract", ...wrong });
        const failure = await judgeRefusal(context, answer, "M_INVALID_PARAM");
        if (failure !== null) return failure;
      }
      return null;
    }),
};

export const sessionExpires: Rule = {
  id: "is-37",
  title: "A token that is handed in after more than 24 hours is M_SESSION_EXPIRED",
  level: "derived",
  specUrl: submitTokenSpec,
  reason: "A mail that lies around must not validate an address for ever (the code since v1.18).",
  needs: ["homeserver", "identity", "mail", "clock"],
  testable: true,
  async check(context) {
    const session = await openValidation(context, "email");
    const submission = await rightSubmission(context, session);
    await context.clock?.advance(dayAndABit);
    const answer = await submitToken(context, "email", submission);
    return (await judgeRefusal(context, answer, "M_SESSION_EXPIRED")) ?? pass();
  },
};

export const unknownSessionIsRefused: Rule = {
  id: "is-38",
  title: "A token for an unknown session, or with a wrong secret, is refused with a standard error",
  level: "derived",
  specUrl: submitTokenSpec,
  reason: "The secret is what keeps others from validating an address in somebody's session.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  check: (context) =>
    inEachMedium(context, async (session) => {
      const right = await rightSubmission(context, session);
      for (const wrong of [{ sid: context.random(16) }, { client_secret: context.random(24) }]) {
        const answer = await submitToken(context, session.medium, { ...right, ...wrong });
        const isRefused = isStandardError(answer) && answer.status < 500;
        // Before v1.18 a 200 that says `success: false` was as good.
        const hadToBe = speaks(await spokenVersions(context), 18) || isSuccess(answer);
        if (!isRefused && hadToBe) return fail(answer, "a 4xx with `errcode` and `error`");
      }
      return null;
    }),
};

export const validatingPublishesNothing: Rule = {
  id: "is-39",
  title: "Validating an address publishes nothing",
  level: "derived",
  specUrl: submitTokenSpec,
  reason: "Showing that an address is one's own is not yet to tell the world; that is what binding is for.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    for (const medium of await usableMedia(context)) {
      const { answer, user } = await lookUp(context, await validate(context, medium));
      if (user !== undefined) return fail(answer, `empty \`mappings\` for a validated ${medium} that is not bound`);
    }
    return pass();
  },
};

/** Sessions live for 24 hours since their last change. */
export const dayAndABit = (24 * 60 + 5) * 60_000;

export function isSuccess({ status, json }: Exchange): boolean {
  return status === 200 && member(json, "success") === true;
}

/** Judges the refusal of a token; before v1.18 no code was fixed for it. */
async function judgeRefusal(context: Context, answer: Exchange, errcode: string): Promise<Failed | null> {
  if (speaks(await spokenVersions(context), 18))
    return isError(answer, 400, errcode) ? null : fail(answer, `400 ${errcode}`);
  return isSuccess(answer) ? fail(answer, "a refusal") : null;
}

async function inEachMedium(
  context: Context,
  judge: (session: ValidationSession) => Promise<Failed | null>,
): Promise<Outcome> {
  for (const medium of await usableMedia(context)) {
    const failure = await judge(await openValidation(context, medium));
    if (failure !== null) return failure;
  }
  return pass();
}
