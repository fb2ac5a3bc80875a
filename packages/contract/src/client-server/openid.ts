// Rules about proving to others who one is: https://spec.matrix.org/v1.19/client-server-api/#openid

import { member, stringMember } from "../json.ts";
import { fail, pass, skip } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import type { Client } from "./client.ts";
import { aliceOf, bobOf, isRefused, needed, neededString, path } from "./client.ts";

const userinfo = "/_matrix/federation/v1/openid/userinfo";

export const openIdTokenTellsUser: Rule = {
  id: "cs-106",
  title: "An OpenID token tells others who somebody is, and an unknown one is 401 M_UNKNOWN_TOKEN",
  level: "must",
  specUrl: "https://spec.matrix.org/v1.19/server-server-api/#get_matrixfederationv1openiduserinfo",
  reason: "Identity servers and widgets let people in by it.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const ask = (access_token: string) => context.homeserver.get(userinfo, { query: { access_token } });
    const unknown = await ask(context.random(24));
    if (unknown.status === 404) return skip("the server answers requests of other servers at another address");
    if (!isRefused(unknown, 401, "M_UNKNOWN_TOKEN")) return fail(unknown, "401 M_UNKNOWN_TOKEN");
    const answer = await ask(await openIdToken(alice));
    return answer.status === 200 && stringMember(answer.json, "sub") === alice.userId
      ? pass()
      : fail(answer, `200 with ${alice.userId} as \`sub\``);
  },
};

export const openIdTokenOpensNothing: Rule = {
  id: "cs-107",
  title: "An OpenID token is for its user to ask for, and is no access token",
  level: "must",
  specUrl: clientServerSpec("openid"),
  reason: "It is handed to strangers, who must not get the account with it.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const [alice, bob] = [await aliceOf(context), await bobOf(context)];
    const token = await openIdToken(alice);
    const used = await context.homeserver.get("/_matrix/client/v3/account/whoami", { token });
    if (!isRefused(used, 401, "M_UNKNOWN_TOKEN")) return fail(used, "401 M_UNKNOWN_TOKEN for an OpenID token");
    const others = await bob.post(tokenUrl(alice));
    return others.status >= 400 && member(others.json, "access_token") === undefined
      ? pass()
      : fail(others, "a refusal of a token in another user's name");
  },
};

async function openIdToken(client: Client): Promise<string> {
  return neededString(needed(client.post(tokenUrl(client))), "access_token");
}

function tokenUrl({ userId }: Client): string {
  return path`/user/${userId}/openid/request_token`;
}
