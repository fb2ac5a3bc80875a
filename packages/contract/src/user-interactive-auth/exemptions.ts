// Rules about who is asked for authentication, and who is not.

import { logInAgain } from "../accounts.ts";
import { stringMember } from "../json.ts";
import { fail, pass, skip } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { hasFlows, readChallenge } from "./challenge.ts";
import { changePassword, deactivateAccount, protectedOperations } from "./operations.ts";

export const guestsAreNotAsked: Rule = {
  id: "uia-3a",
  title: "Registering as a guest does not use user-interactive auth",
  level: "must",
  specUrl: clientServerSpec("guest-access"),
  reason: "A guest has nothing to prove: the request either gives an account at once or is refused.",
  needs: ["homeserver"],
  testable: true,
  async check({ accounts }) {
    const answer = await accounts.guest();
    if (hasFlows(answer)) return fail(answer, "an account, or a refusal without `flows`");
    return answer.status === 200 ? pass() : skip(`guests are not let in here (${answer.status})`);
  },
};

export const applicationServicesAreExempt: Rule = {
  id: "uia-3c",
  title: "Application services delete devices and upload cross-signing keys without user-interactive auth",
  level: "must",
  specUrl: clientServerSpec("delete_matrixclientv3devicesdeviceid"),
  reason: "A bridge has no person at hand who could answer (since v1.17).",
  needs: ["homeserver"],
  testable: { no: "it takes the token of an application service, which only the server's own configuration can make" },
};

export const tokenErrorsHaveNoFlows: Rule = {
  id: "uia-6a",
  title: "A missing or unknown access token is told as such, without flows",
  level: "derived",
  specUrl: clientServerSpec("using-access-tokens"),
  reason: "The client has to log in again rather than ask the person for their password over and over.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const cases = [
      { token: null, errcode: "M_MISSING_TOKEN" },
      { token: `no-${context.random(20)}`, errcode: "M_UNKNOWN_TOKEN" },
    ];
    for (const operation of protectedOperations.filter(({ token }) => token === "required")) {
      for (const { token, errcode } of cases) {
        const send = await operation.prepare(context, token);
        const answer = await send();
        if (answer.status === 404 || answer.status === 405) continue;
        if (answer.status !== 401 || stringMember(answer.json, "errcode") !== errcode || hasFlows(answer))
          return fail(answer, `${operation.operationId}: 401 ${errcode} without \`flows\``);
      }
    }
    return pass();
  },
};

export const tokenIsOptionalWhereItMayBeLost: Rule = {
  id: "uia-6b",
  title: "Changing the password and deactivating ask for authentication where no access token is given",
  level: "derived",
  specUrl: clientServerSpec("post_matrixclientv3accountpassword"),
  reason: "Who has forgotten the password has no token either; the stages (a mail, say) tell who it is.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    for (const operation of [changePassword, deactivateAccount]) {
      const send = await operation.prepare(context, null);
      const answer = await send();
      if (answer.status === 404 || answer.status === 405) continue;
      if (readChallenge(answer) === null)
        return fail(answer, `${operation.operationId} without a token: a 401 with \`flows\``);
    }
    return pass();
  },
};

export const loginIsNotInteractive: Rule = {
  id: "uia-7",
  title: "Logging in, and out of all devices, does not use user-interactive auth",
  level: "must",
  specUrl: clientServerSpec("login"),
  reason: "Clients talk to these endpoints in one request; flows in the answer would lock them out.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { homeserver, random } = context;
    const login = await homeserver.post("/_matrix/client/v3/login", {
      type: "m.login.password",
      identifier: { type: "m.id.user", user: `contract-${random(10)}-nobody` },
      password: random(12),
    });
    if (login.status === 401 || hasFlows(login))
      return fail(login, "a refusal without `flows`, such as 403 M_FORBIDDEN");
    const alice = await context.accounts.alice();
    const logout = await homeserver.post("/_matrix/client/v3/logout/all", {}, { token: alice.accessToken });
    if (logout.status !== 200) return fail(logout, "200, since the access token is all that is needed");
    await logInAgain(context, alice);
    return pass();
  },
};
