// Rules about who may withdraw an association.

import { isObject, stringMember } from "../json.ts";
import { Blocked, fail, pass, skip } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec, identitySpec } from "../rule.ts";
import { identityAccount } from "./account.ts";
import { bindNewAddress, isUnbindUnsupported, lookUp, unbind } from "./association.ts";
import { isError } from "./standard-error.ts";
import { validate } from "./validation.ts";

const unbindSpec = identitySpec("post_matrixidentityv23pidunbind");

export const ownerOfAddressUnbinds: Rule = {
  id: "is-48a",
  title: "Whoever has validated the address may unbind it",
  level: "derived",
  specUrl: unbindSpec,
  reason: "The session shows that the address is theirs.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    const { session, mxid } = await bindNewAddress(context, "email");
    const answer = await unbind(context, session, mxid);
    if (isUnbindUnsupported(answer)) return skip("this server does not support unbinding");
    if (answer.status !== 200 || !isObject(answer.json)) return fail(answer, "200 {}");
    return pass();
  },
};

export const strangersDoNotUnbind: Rule = {
  id: "is-48b",
  title: "Unbinding with credentials that do not fit is M_FORBIDDEN",
  level: "derived",
  specUrl: unbindSpec,
  reason: "Otherwise anybody could make anybody disappear.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    const { session, mxid } = await bindNewAddress(context, "email");
    const { medium, address } = session;
    const other = await validate(context, "email");
    for (const { sid, client_secret } of [
      { sid: session.sid, client_secret: context.random(24) },
      { sid: other.sid, client_secret: other.client_secret },
    ]) {
      const answer = await unbind(context, { sid, client_secret, medium, address }, mxid);
      if (isUnbindUnsupported(answer)) return skip("this server does not support unbinding");
      if (!isError(answer, 403, "M_FORBIDDEN")) return fail(answer, "403 M_FORBIDDEN");
    }
    const { answer, user } = await lookUp(context, session);
    return user === mxid ? pass() : fail(answer, `the address still to lead to ${mxid}`);
  },
};

export const homeserverUnbinds: Rule = {
  id: "is-49",
  title: "The user's homeserver may unbind, by signing the request",
  level: "derived",
  specUrl: clientServerSpec("post_matrixclientv3account3pidunbind"),
  reason: "Users who have lost an address can still take back what was published about it.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    const { userId, token: id_access_token } = await identityAccount(context);
    const { accessToken: token } = await context.accounts.alice();
    const session = await validate(context, "email");
    const { sid, client_secret, medium, address } = session;
    const id_server = context.identity.baseUrl.host;
    const body = { sid, client_secret, id_server, id_access_token };
    const bound = await context.homeserver.post("/_matrix/client/v3/account/3pid/bind", body, { token });
    if (bound.status !== 200) return skip("the homeserver does not bind addresses at this identity server");
    const before = await lookUp(context, session);
    if (before.user !== userId) throw new Blocked(before.answer, `what the homeserver bound had to lead to ${userId}`);
    const request = { medium, address, id_server };
    const answer = await context.homeserver.post("/_matrix/client/v3/account/3pid/unbind", request, { token });
    if (answer.status !== 200 || stringMember(answer.json, "id_server_unbind_result") !== "success")
      return skip("between these two servers unbinding is not supported");
    const after = await lookUp(context, session);
    return after.user === undefined ? pass() : fail(after.answer, "empty `mappings` for what the homeserver unbound");
  },
};
