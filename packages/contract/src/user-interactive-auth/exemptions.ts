// Rules about who is asked for authentication, and who is not.

import { logInAgain } from "../accounts.ts";
import { neededString, path } from "../client-server/client.ts";
import { makeSigningKey } from "../client-server/signing.ts";
import { stringMember } from "../json.ts";
import { fail, pass, skip } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { speaks } from "../versions.ts";
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
  testable: true,
  async check({ homeserver, options, versions }) {
    if (options.applicationService === undefined)
      return skip("needs an application service of the server (--application-service)");
    if (!speaks(versions, 17)) return skip("the server does not speak v1.17");
    const { token } = options.applicationService;
    const user_id = await neededString(homeserver.get("/_matrix/client/v3/account/whoami", { token }), "user_id");
    const newDevice = () => {
      const login = { type: "m.login.application_service", identifier: { type: "m.id.user", user: user_id } };
      return neededString(homeserver.post("/_matrix/client/v3/login", login, { token }), "device_id");
    };
    const [device_id, second] = [await newDevice(), await newDevice()];
    const as = { token, query: { user_id } };
    const upload = () => {
      const { publicKey } = makeSigningKey();
      const master_key = { user_id, usage: ["master"], keys: { [`ed25519:${publicKey}`]: publicKey } };
      const query = { user_id, device_id };
      return homeserver.post("/_matrix/client/v3/keys/device_signing/upload", { master_key }, { token, query });
    };
    for (const send of [
      upload, // nobody is asked for authentication for the first keys
      upload,
      () => homeserver.post("/_matrix/client/v3/delete_devices", { devices: [second] }, as),
      () => homeserver.delete(path`/_matrix/client/v3/devices/${device_id}`, {}, as),
    ]) {
      const answer = await send();
      if (answer.status !== 200) return fail(answer, "200 for an application service, without `auth`");
    }
    return pass();
  },
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
