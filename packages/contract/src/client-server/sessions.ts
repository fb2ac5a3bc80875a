// Rules about devices and the tokens that belong to them: https://spec.matrix.org/v1.19/client-server-api/#relationship-between-access-tokens-and-devices

import { logIn } from "../accounts.ts";
import type { Context } from "../context.ts";
import type { JsonObject } from "../json.ts";
import { stringMember } from "../json.ts";
import { fail, NotOffered, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import { aliceOf, bobOf, clientOf, isRefused, needed, path } from "./client.ts";
import { idsIn } from "./room.ts";

export const refreshedTokensReplaceOld: Rule = {
  id: "cs-137",
  title: "A refresh token is good until what it was changed for is used, and then no more",
  level: "must",
  specUrl: clientServerSpec("refreshing-access-tokens"),
  reason: "An answer may be lost on the way and be asked for again; a token that was stolen must not live on.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { homeserver } = context;
    const login = await logInWith(context, { refresh_token: true });
    const refresh_token = stringMember(login.json, "refresh_token");
    if (refresh_token === undefined) throw new NotOffered("the server gives out no refresh tokens");
    const refresh = () => homeserver.post("/_matrix/client/v3/refresh", { refresh_token });
    await needed(refresh());
    const again = await refresh();
    if (again.status !== 200) return fail(again, "200, since nothing that it was changed for has been used yet");
    const token = stringMember(again.json, "access_token");
    const used = await homeserver.get("/_matrix/client/v3/account/whoami", { token });
    if (used.status !== 200) return fail(used, "200 with the access token that was asked for");
    const late = await refresh();
    await homeserver.post("/_matrix/client/v3/logout", {}, { token });
    return late.status === 401 || late.status === 403
      ? pass()
      : fail(late, "401 M_UNKNOWN_TOKEN once the new access token was used");
  },
};

export const newTokenEndsOld: Rule = {
  id: "cs-138",
  title: "Logging in as a device that is there ends the tokens that it had",
  level: "must",
  specUrl: clientServerSpec("relationship-between-access-tokens-and-devices"),
  reason: "A device is one session; the token of a client that lost its place must not stay open.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const account = await context.accounts.alice();
    const old = clientOf(context, await logIn(context, account));
    const login = await needed(logInWith(context, { device_id: old.deviceId }));
    const token = stringMember(login.json, "access_token");
    const answer = await old.get("/account/whoami");
    await context.homeserver.post("/_matrix/client/v3/logout", {}, { token });
    return isRefused(answer, 401, "M_UNKNOWN_TOKEN")
      ? pass()
      : fail(answer, "401 M_UNKNOWN_TOKEN for the token that the device had before");
  },
};

/** Alice logs in, and asks for something besides. */
async function logInWith(context: Context, more: JsonObject) {
  const { userId, password } = await context.accounts.alice();
  const identifier = { type: "m.id.user", user: userId };
  return context.homeserver.post("/_matrix/client/v3/login", {
    type: "m.login.password",
    identifier,
    password,
    ...more,
  });
}

export const devicesAreOnesOwn: Rule = {
  id: "cs-139",
  title: "Everybody lists, names and sees their own devices, and nobody else's",
  level: "must",
  specUrl: clientServerSpec("device-management"),
  reason: "By the list a person finds the session that is not theirs.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const [alice, bob] = [await aliceOf(context), await bobOf(context)];
    const url = path`/devices/${alice.deviceId}`;
    const display_name = `Contract ${context.random(6)}`;
    await needed(alice.put(url, { display_name }));
    const own = await alice.get(url);
    if (stringMember(own.json, "display_name") !== display_name) return fail(own, "200 with the name that was given");
    const listed = await needed(alice.get("/devices"));
    const ids = idsIn(listed.json, "devices", "device_id");
    if (!ids.includes(alice.deviceId)) return fail(listed, `${alice.deviceId} among alice's devices`);
    if (ids.includes(bob.deviceId)) return fail(listed, "no device of bob's");
    for (const answer of [await bob.get(url), await bob.put(url, { display_name: "Mallory" })])
      if (!isRefused(answer, 404, "M_NOT_FOUND")) return fail(answer, "404 M_NOT_FOUND for another user's device");
    return pass();
  },
};
