// Rules about single operations that use user-interactive auth.

import { logIn, spareDevice } from "../accounts.ts";
import { member, stringMember } from "../json.ts";
import { oncePerRun } from "../once-per-run.ts";
import { Blocked, fail, NotOffered, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { guestRequest, newPassword } from "../sign-up.ts";
import { readChallenge } from "./challenge.ts";
import { deleteDevice, generateLoginToken, isRefusedOutright } from "./operations.ts";
import { walkFlow } from "./solver.ts";
import { stageSolvers } from "./stage-solvers.ts";

export const loginTokenAlwaysAsks: Rule = {
  id: "uia-42a",
  title: "Every login token is asked for with its own authentication",
  level: "must",
  specUrl: clientServerSpec("post_matrixclientv1loginget_token"),
  reason: "It logs in a new device: an authentication of a moment ago must not be reused for it.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await context.accounts.alice();
    await loginToken(context);
    const send = await generateLoginToken.prepare(context);
    const answer = await send();
    if (readChallenge(answer) === null)
      return fail(answer, `a 401 with \`flows\`, although ${alice.localpart} has just authenticated`);
    return pass();
  },
};

export const loginTokenIsUsedOnce: Rule = {
  id: "uia-42b",
  title: "A login token can be used once",
  level: "must",
  specUrl: clientServerSpec("post_matrixclientv1loginget_token"),
  reason: "It travels between devices, so whoever sees it later must not be able to use it.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { homeserver } = context;
    const request = { type: "m.login.token", token: await loginToken(context) };
    const first = await homeserver.post("/_matrix/client/v3/login", request);
    if (first.status !== 200) return fail(first, "200 for a login token that is new");
    const second = await homeserver.post("/_matrix/client/v3/login", request);
    if (second.status < 400) return fail(second, "a refusal for a login token that was used");
    return pass();
  },
};

export const passwordChangeLogsOut: Rule = {
  id: "uia-43",
  title: "Changing the password keeps the caller logged in, and logs all other devices out unless told otherwise",
  level: "should",
  specUrl: clientServerSpec("post_matrixclientv3accountpassword"),
  reason:
    "Who changes the password because somebody else knows it wants that somebody out. `logout_devices` is true by default.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { homeserver, random } = context;
    const alice = await context.accounts.alice();
    const other = await logIn(context, alice);
    const new_password = newPassword(random);
    const { last } = await walkFlow(
      (auth) =>
        homeserver.post(
          "/_matrix/client/v3/account/password",
          { new_password, ...(auth && { auth }) },
          { token: alice.accessToken },
        ),
      stageSolvers(context, { account: alice }),
    );
    if (last.status === 403 || last.status === 404) throw new NotOffered("passwords cannot be changed here");
    if (last.status !== 200) throw new Blocked(last, "changing the password had to give 200");
    alice.password = new_password;
    alice.spareDevice = null;
    const own = await homeserver.get("/_matrix/client/v3/account/whoami", { token: alice.accessToken });
    if (own.status !== 200) {
      Object.assign(alice, await logIn(context, alice));
      return fail(own, "the token that changed the password to be valid still");
    }
    const others = await homeserver.get("/_matrix/client/v3/account/whoami", { token: other.accessToken });
    if (others.status !== 401) return fail(others, "the token of the other device to be unknown now");
    return pass();
  },
};

export const deviceDeletionIsIdempotent: Rule = {
  id: "uia-44",
  title: "Deleting a device that is gone succeeds as well",
  level: "derived",
  specUrl: clientServerSpec("delete_matrixclientv3devicesdeviceid"),
  reason: "A client that lost the first answer sends the request again, and what it wants is already so.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await context.accounts.alice();
    await spareDevice(context, alice);
    const send = await deleteDevice.prepare(context);
    alice.spareDevice = null;
    const solvers = stageSolvers(context, { account: alice });
    const { last } = await walkFlow(send, solvers);
    if (last.status !== 200) throw new Blocked(last, "deleting a device had to give 200");
    const again = await walkFlow(send, solvers);
    if (again.last.status !== 200) return fail(again.last, "200 once more");
    return pass();
  },
};

export const guestsChooseNothing: Rule = {
  id: "uia-45",
  title: "A guest may choose the display name of its device and nothing else",
  level: "must",
  specUrl: clientServerSpec("post_matrixclientv3register"),
  reason: "Everything else in the body is ignored, and the server picks the device ID.",
  needs: ["homeserver"],
  testable: true,
  async check({ accounts }) {
    const answer = await accounts.guest();
    if (answer.status !== 200) throw new NotOffered(`guests are not let in here (${answer.status})`);
    const userId = stringMember(answer.json, "user_id");
    const deviceId = stringMember(answer.json, "device_id");
    if (deviceId === undefined || deviceId === guestRequest.device_id)
      return fail(answer, `a \`device_id\` that the server chose, not the ${guestRequest.device_id} asked for`);
    if (userId === undefined || userId.startsWith(`@${guestRequest.username}:`))
      return fail(answer, `a \`user_id\` that the server chose, not the ${guestRequest.username} asked for`);
    return pass();
  },
};

export const loginCanBeInhibited: Rule = {
  id: "uia-46",
  title: "Registering logs in, unless `inhibit_login` says not to",
  level: "derived",
  specUrl: clientServerSpec("post_matrixclientv3register"),
  reason: "With it there is neither token nor device; without it the answer has both.",
  needs: ["homeserver"],
  testable: true,
  async check({ accounts, homeserver }) {
    for (const { registration, accessToken } of [await accounts.alice(), await accounts.bob()]) {
      if (registration === null) throw new NotOffered("the accounts were given to this run, not registered by it");
      const { last } = registration.walk;
      const given = ["access_token", "device_id"].filter((key) => member(last.json, key) !== undefined);
      if (!registration.inhibitedLogin) {
        if (given.length < 2) return fail(last, "without `inhibit_login`: `access_token` and `device_id`");
        continue;
      }
      if (given.length > 0) return fail(last, `with \`inhibit_login\`: no ${given.join(" and no ")}`);
      const devices = await homeserver.get("/_matrix/client/v3/devices", { token: accessToken });
      const list = member(devices.json, "devices");
      if (!Array.isArray(list) || list.length !== 1)
        return fail(devices, "after `inhibit_login` and logging in once: one device");
    }
    return pass();
  },
};

/** One token for all rules of a run: some servers give one a minute. */
const loginToken = oncePerRun(async (context): Promise<string> => {
  const alice = await context.accounts.alice();
  const { last } = await walkFlow(await generateLoginToken.prepare(context), stageSolvers(context, { account: alice }));
  if (isRefusedOutright(last)) throw new NotOffered("the server gives no login tokens to logged-in users");
  const token = stringMember(last.json, "login_token");
  if (last.status !== 200 || token === undefined) throw new Blocked(last, "get_token had to give a `login_token`");
  return token;
});
