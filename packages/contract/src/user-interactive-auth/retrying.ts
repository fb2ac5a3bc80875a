import { fail, pass } from "../outcome.ts";
import { clientServerSpec, type Rule } from "../rule.ts";
import { readChallenge } from "./challenge.ts";
import { wrongPassword } from "./password-attempt.ts";

/** Rules about attempts that fail. */

export const failedAttemptIsTold: Rule = {
  id: "uia-13",
  title: "A failed attempt that may be repeated is answered with the flows again, and with why it failed",
  level: "derived",
  specUrl: clientServerSpec("user-interactive-api-in-the-rest-api"),
  reason: "The person has to be told what was wrong, and the client has to be able to ask again.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { answer } = await wrongPassword(context);
    const challenge = readChallenge(answer);
    const { errcode, error } = challenge?.body ?? {};
    if (challenge === null || typeof errcode !== "string" || typeof error !== "string")
      return fail(answer, "after a wrong password: a 401 with `flows`, `errcode` and `error`");
    if (challenge.completed.includes("m.login.password"))
      return fail(answer, "the failed stage not to be in `completed`");
    return pass();
  },
};
