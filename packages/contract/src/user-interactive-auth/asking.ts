import { logInAgain } from "../accounts.ts";
import { fail, pass, skip } from "../outcome.ts";
import { clientServerSpec, type Rule } from "../rule.ts";
import { hasFlows, readChallenge } from "./challenge.ts";
import { isRefusedOutright, protectedOperations } from "./operations.ts";

/** Rules about how the server asks for authentication in the first place. */

export const challengeHasFlows: Rule = {
  id: "uia-1",
  title: "A request without `auth` is answered with the flows that lead through",
  level: "derived",
  specUrl: clientServerSpec("user-interactive-api-in-the-rest-api"),
  reason: "A client that does not know the server can only learn from this answer what it has to do.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const refused: string[] = [];
    for (const operation of protectedOperations) {
      const send = await operation.prepare(context);
      const answer = await send();
      if (isRefusedOutright(answer)) refused.push(operation.operationId);
      else if (readChallenge(answer) === null)
        return fail(
          answer,
          `${operation.operationId}: a 401 whose \`flows\` is an array of objects with \`stages\`, an array of strings`,
        );
    }
    if (refused.length === protectedOperations.length) return skip("the server offers none of these operations");
    return pass(refused.length === 0 ? undefined : `not offered here: ${refused.join(", ")}`);
  },
};

export const neverWithoutAuth: Rule = {
  id: "uia-2",
  title: "Nothing is done without auth data, even where a dummy stage would be all it takes",
  level: "must",
  specUrl: clientServerSpec("user-interactive-api-in-the-rest-api"),
  reason:
    "A flow has to be completed by sending its stages; otherwise a stray request could delete or create accounts.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    for (const operation of protectedOperations) {
      const send = await operation.prepare(context);
      for (const auth of [undefined, {}]) {
        const answer = await send(auth);
        if (answer.status < 400)
          return fail(answer, `${operation.operationId} without auth data: a refusal, a 401 with \`flows\``);
      }
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
    const user = `contract-${random(10)}-nobody`;
    const identifier = { type: "m.id.user", user };
    const login = await homeserver.post("/_matrix/client/v3/login", {
      type: "m.login.password",
      identifier,
      password: random(12),
    });
    if (hasFlows(login)) return fail(login, "a refusal without `flows`, such as 403 M_FORBIDDEN");
    const alice = await context.accounts.alice();
    const logout = await homeserver.post("/_matrix/client/v3/logout/all", {}, { token: alice.accessToken });
    if (logout.status !== 200) return fail(logout, "200, since the access token is all that is needed");
    await logInAgain(context, alice);
    return pass();
  },
};
