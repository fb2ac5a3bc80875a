// Rules about attempts that fail.

import { stringMember } from "../json.ts";
import { fail, NotOffered, pass, skip } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { registrationOff } from "../sign-up.ts";
import { hasFlows, readChallenge } from "./challenge.ts";
import { add3pid } from "./operations.ts";
import { wrongPassword } from "./password-attempt.ts";
import { walkFlow, withSession } from "./solver.ts";
import { passwordAuth, stageSolvers } from "./stage-solvers.ts";

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

export const retrySucceeds: Rule = {
  id: "uia-14",
  title: "After a failed attempt the right answer succeeds in the same session",
  level: "derived",
  specUrl: clientServerSpec("user-interactive-api-in-the-rest-api"),
  reason: "Mistyping a password must not throw away the stages that were completed before.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { send, alice, challenge } = await wrongPassword(context);
    const answer = await send(withSession(passwordAuth(alice), challenge.session));
    if (answer.status !== 200) return fail(answer, "200 for the right password, in the session of the wrong one");
    alice.spareDevice = null;
    return pass();
  },
};

export const failedAttemptHasNoEffect: Rule = {
  id: "uia-15",
  title: "A failed attempt changes nothing",
  level: "security",
  specUrl: clientServerSpec("user-interactive-authentication-api"),
  reason: "Only a completed flow authorises the operation.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, device } = await wrongPassword(context);
    const path = `/_matrix/client/v3/devices/${encodeURIComponent(device)}`;
    const answer = await context.homeserver.get(path, { token: alice.accessToken });
    if (answer.status !== 200)
      return fail(answer, "the device that a wrong password asked to delete still to be there");
    return pass();
  },
};

export const otherErrorsHaveNoFlows: Rule = {
  id: "uia-16",
  title: "What fails for another reason than authentication is a standard error without flows",
  level: "derived",
  specUrl: clientServerSpec("user-interactive-api-in-the-rest-api"),
  reason: "Flows in the answer would make the client ask for the password again, which cannot help.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await context.accounts.alice();
    // The sid and secret are made up, so the operation itself has to fail, before authentication or after it.
    const { last } = await walkFlow(await add3pid.prepare(context), stageSolvers(context, { account: alice }));
    if (last.status === 404 && stringMember(last.json, "errcode") === "M_UNRECOGNIZED")
      return skip("3pid/add is not offered here");
    if (last.status < 400 || hasFlows(last) || stringMember(last.json, "errcode") === undefined)
      return fail(last, "for a validation session that does not exist: an error with `errcode`, without `flows`");
    return pass();
  },
};

export const namesAreCheckedFirst: Rule = {
  id: "uia-17a",
  title: "Registration refuses a bad name before it asks for anything",
  level: "must",
  specUrl: clientServerSpec("post_matrixclientv3register"),
  reason:
    "Nobody should read a mail or solve a puzzle only to learn that the name is taken. " +
    "(M_EXCLUSIVE, for names of application services, cannot be caused from outside.)",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await context.accounts.alice();
    const cases = [
      { username: alice.localpart, errcode: "M_USER_IN_USE" },
      { username: "not a name!", errcode: "M_INVALID_USERNAME" },
    ];
    for (const { username, errcode } of cases) {
      const answer = await context.homeserver.post("/_matrix/client/v3/register", {
        username,
        password: alice.password,
      });
      if (answer.status === 403) throw new NotOffered(registrationOff);
      if (answer.status !== 400 || stringMember(answer.json, "errcode") !== errcode)
        return fail(answer, `for the name "${username}": 400 ${errcode}`);
    }
    return pass();
  },
};

export const namesAreCheckedAgain: Rule = {
  id: "uia-17b",
  title: "Registration refuses a name that was taken while the flow was walked",
  level: "must",
  specUrl: clientServerSpec("post_matrixclientv3register"),
  reason: "Two people may be on their way to the same name; one of them has to be told at the end.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { registration } = await context.accounts.bob();
    if (registration?.rival == null)
      return skip("no session for the same name was open while the account was registered");
    const { send, solvers, opening } = registration.rival;
    const { last } = await walkFlow(send, solvers, { opening });
    if (last.status !== 400 || stringMember(last.json, "errcode") !== "M_USER_IN_USE")
      return fail(last, "400 M_USER_IN_USE at the end of a flow for a name that is taken by now");
    return pass();
  },
};
