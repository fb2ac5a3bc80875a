// Rules about `m.login.password`.

import type { Account } from "../accounts.ts";
import type { Context } from "../context.ts";
import type { Medium } from "../new-address.ts";
import { Blocked, fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { openPasswordAttempt } from "./password-attempt.ts";
import { walkFlow, withSession } from "./solver.ts";
import { passwordAuth, stageSolvers } from "./stage-solvers.ts";
import type { ValidatedAddress } from "./validated-address.ts";
import { validateAddress } from "./validated-address.ts";

export const userIdentifier: Rule = {
  id: "uia-24",
  title: "The password stage takes the full user ID and the localpart",
  level: "derived",
  specUrl: clientServerSpec("password-based"),
  reason: "`m.id.user` is defined for both; clients send what the person typed.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { userId, localpart } = await context.accounts.alice();
    for (const user of [userId, localpart]) {
      const failure = await authenticateAs(context, { type: "m.id.user", user });
      if (failure !== null) return failure;
    }
    return pass();
  },
};

export const thirdPartyIdentifier: Rule = {
  id: "uia-25",
  title: "The password stage takes a third-party identifier of the account",
  level: "derived",
  specUrl: clientServerSpec("password-based"),
  reason: "People know their mail address better than their user ID.",
  needs: ["homeserver", "mail"],
  testable: true,
  async check(context) {
    const { medium, address } = await boundAddress(context, "email");
    return (await authenticateAs(context, { type: "m.id.thirdparty", medium, address })) ?? pass();
  },
};

export const unknownThirdPartyIdentifier: Rule = {
  id: "uia-26",
  title: "A third-party identifier that nobody has is answered with 403",
  level: "must",
  specUrl: clientServerSpec("password-based"),
  reason: "The text asks for it both in user-interactive auth and when logging in.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const identifier = { type: "m.id.thirdparty", medium: "email", address: `${context.random(16)}@nobody.example` };
    const type = "m.login.password";
    const { send, alice, challenge } = await openPasswordAttempt(context);
    const { password } = alice;
    const interactive = await send(withSession({ type, identifier, password }, challenge.session));
    if (interactive.status !== 403) return fail(interactive, "403 in user-interactive auth");
    const login = await context.homeserver.post("/_matrix/client/v3/login", { type, identifier, password });
    if (login.status !== 403) return fail(login, "403 when logging in");
    return pass();
  },
};

export const phoneIdentifier: Rule = {
  id: "uia-27",
  title: "The password stage takes a phone number as it is dialled in its country",
  level: "derived",
  specUrl: clientServerSpec("identifier-types"),
  reason: "`m.id.phone` leaves it to the server to turn a national number into the one that is bound.",
  needs: ["homeserver", "sms"],
  testable: true,
  async check(context) {
    const { address } = await boundAddress(context, "msisdn");
    const identifier = { type: "m.id.phone", country: "GB", phone: `0${address.slice(2)}` };
    return (await authenticateAs(context, identifier)) ?? pass();
  },
};

export const othersCredentials: Rule = {
  id: "uia-28",
  title: "Another user's password authorises nothing on my account",
  level: "security",
  specUrl: clientServerSpec("user-interactive-authentication-api"),
  reason: "The question is whether it is still the owner of the access token who asks.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const bob = await context.accounts.bob();
    const { send, alice, challenge, device } = await openPasswordAttempt(context);
    const answer = await send(withSession(passwordAuth(bob), challenge.session));
    if (answer.status < 400) return fail(answer, "a refusal: the password is bob's, the device is alice's");
    const path = `/_matrix/client/v3/devices/${encodeURIComponent(device)}`;
    const still = await context.homeserver.get(path, { token: alice.accessToken });
    if (still.status !== 200) return fail(still, "alice's device still to be there");
    return pass();
  },
};

/** Deletes alice's spare device with her password under this identifier; null where that worked. */
async function authenticateAs(context: Context, identifier: Readonly<Record<string, string>>) {
  const { send, alice, challenge } = await openPasswordAttempt(context);
  const auth = { type: "m.login.password", identifier, password: alice.password };
  const answer = await send(withSession(auth, challenge.session));
  if (answer.status !== 200) return fail(answer, `200 for the right password with ${identifier["type"]}`);
  alice.spareDevice = null;
  return null;
}

/** An address of alice's: one she registered with, or a new one that is validated and added. */
async function boundAddress(context: Context, medium: Medium): Promise<ValidatedAddress> {
  const alice: Account = await context.accounts.alice();
  const known = alice.addresses.find((address) => address.medium === medium);
  if (known !== undefined) return known;
  const validated = await validateAddress(context, medium, "account/3pid");
  const { sid, client_secret } = validated;
  const { last } = await walkFlow(
    (auth) =>
      context.homeserver.post(
        "/_matrix/client/v3/account/3pid/add",
        { sid, client_secret, ...(auth && { auth }) },
        { token: alice.accessToken },
      ),
    stageSolvers(context, { account: alice }),
  );
  if (last.status !== 200)
    throw new Blocked(last, `adding a validated ${medium} address to the account had to give 200`);
  alice.addresses.push(validated);
  return validated;
}
