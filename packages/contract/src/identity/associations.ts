// Rules about publishing that an address belongs to a user.

import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { isObject, member, stringMember } from "../json.ts";
import { Blocked, fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { identitySpec } from "../rule.ts";
import { identityAccount } from "./account.ts";
import { bind, bindNewAddress, boundEmail, isUnbindUnsupported, lookUp, unbind } from "./association.ts";
import { isSignedBy, signaturesOf } from "./signatures.ts";
import { isError, isStandardError } from "./standard-error.ts";
import { dayAndABit } from "./token-submissions.ts";
import type { ValidationSession } from "./validation.ts";
import { openValidation, usableMedia, validate } from "./validation.ts";

const bindSpec = identitySpec("post_matrixidentityv23pidbind");
const getValidatedSpec = identitySpec("get_matrixidentityv23pidgetvalidated3pid");

export const unknownSessionIsNotFound: Rule = {
  id: "is-41",
  title: "An unknown session, or a wrong secret, is M_NO_VALID_SESSION",
  level: "derived",
  specUrl: bindSpec,
  reason: "Who does not know the secret must not learn whether there is such a session.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    const { sid, client_secret } = await validate(context, "email");
    for (const session of [
      { sid: context.random(16), client_secret },
      { sid, client_secret: context.random(24) },
    ]) {
      const wrong = (await useOf(context, session)).find((answer) => !isError(answer, 404, "M_NO_VALID_SESSION"));
      if (wrong !== undefined) return fail(wrong, "404 M_NO_VALID_SESSION");
    }
    return pass();
  },
};

export const unvalidatedSessionIsRefused: Rule = {
  id: "is-42a",
  title: "A session that has not been validated is M_SESSION_NOT_VALIDATED",
  level: "derived",
  specUrl: bindSpec,
  reason: "Nobody has shown yet that the address is theirs.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    const answers = await useOf(context, await openValidation(context, "email"));
    const wrong = answers.find((answer) => !isError(answer, 400, "M_SESSION_NOT_VALIDATED"));
    return wrong === undefined ? pass() : fail(wrong, "400 M_SESSION_NOT_VALIDATED");
  },
};

export const expiredSessionIsRefused: Rule = {
  id: "is-42b",
  title: "A session that was validated more than 24 hours ago is M_SESSION_EXPIRED",
  level: "derived",
  specUrl: bindSpec,
  reason: "Addresses change hands; what was shown yesterday says little about today.",
  needs: ["homeserver", "identity", "mail", "clock"],
  testable: true,
  async check(context) {
    const session = await validate(context, "email");
    await context.clock?.advance(dayAndABit);
    const wrong = (await useOf(context, session)).find((answer) => !isError(answer, 400, "M_SESSION_EXPIRED"));
    return wrong === undefined ? pass() : fail(wrong, "400 M_SESSION_EXPIRED");
  },
};

export const validatedAddressIsTold: Rule = {
  id: "is-43",
  title: "`getValidated3pid` gives medium, address and the time of validation in milliseconds",
  level: "derived",
  specUrl: getValidatedSpec,
  reason: "A homeserver that was handed a session learns from it which address it is about.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    for (const medium of await usableMedia(context)) {
      const session = await validate(context, medium);
      const answer = await getValidated(context, session);
      const { address } = session;
      if (answer.status !== 200 || member(answer.json, "medium") !== medium)
        return fail(answer, `200 with \`medium\` ${medium}`);
      if (member(answer.json, "address") !== address) return fail(answer, `\`address\` ${address}`);
      if (!isMilliseconds(member(answer.json, "validated_at")))
        return fail(answer, "`validated_at` as an integer, in milliseconds since 1970");
    }
    return pass();
  },
};

export const associationIsComplete: Rule = {
  id: "is-44",
  title: "Binding answers with the association, whole, and valid when it was made",
  level: "derived",
  specUrl: bindSpec,
  reason: "It is shown to others later, who judge it by these fields.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    const { session, mxid, answer, body } = await boundEmail(context);
    const { medium, address } = session;
    for (const [field, value] of Object.entries({ medium, address, mxid })) {
      if (body[field] !== value) return fail(answer, `\`${field}\` ${value}`);
    }
    const { ts, not_before, not_after, signatures } = body;
    if (!isMilliseconds(ts) || !isMilliseconds(not_before) || !isMilliseconds(not_after))
      return fail(answer, "`ts`, `not_before` and `not_after` as integers, in milliseconds since 1970");
    if (not_before > ts || ts > not_after) return fail(answer, "not_before ≤ ts ≤ not_after");
    return isObject(signatures) ? pass() : fail(answer, "an object `signatures`");
  },
};

export const associationIsSigned: Rule = {
  id: "is-45",
  title: "The association's signature can be verified with the server's published key",
  level: "derived",
  specUrl: identitySpec("key-management"),
  reason: "Without it the association is anybody's claim.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    const { answer, body } = await boundEmail(context);
    for (const signature of signaturesOf(body)) {
      const path = `/_matrix/identity/v2/pubkey/${encodeURIComponent(signature.keyId)}`;
      const key = stringMember((await context.identity.get(path)).json, "public_key");
      if (key !== undefined && isSignedBy(body, signature, key)) return pass();
    }
    return fail(answer, "a signature over the canonical JSON, by a key that `pubkey/{keyId}` gives");
  },
};

export const unboundAddressIsNotFound: Rule = {
  id: "is-46",
  title: "An address is found once it is bound, and no more once it is unbound",
  level: "derived",
  specUrl: identitySpec("post_matrixidentityv23pidunbind"),
  reason: "Publishing is only fair if it can be taken back.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    const { session, mxid } = await bindNewAddress(context, "email");
    const bound = await lookUp(context, session);
    if (bound.user !== mxid) return fail(bound.answer, `the bound address to lead to ${mxid}`);
    const answer = await unbind(context, session, mxid);
    if (isUnbindUnsupported(answer)) return pass("this server does not support unbinding");
    if (answer.status !== 200) throw new Blocked(answer, "unbinding with `sid` and `client_secret` had to give 200");
    const unbound = await lookUp(context, session);
    return unbound.user === undefined ? pass() : fail(unbound.answer, "empty `mappings` for the unbound address");
  },
};

export const anotherUserMayBeBound: Rule = {
  id: "is-47",
  title: "Whether an address may be bound to another user than the one who asks",
  level: "info",
  specUrl: identitySpec("establishing-associations"),
  reason: "The session proves the address only, so that its owner may name anyone; some servers are stricter.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    const other = (await context.accounts.bob()).userId;
    const answer = await bind(context, await validate(context, "email"), other);
    if (answer.status === 200)
      return stringMember(answer.json, "mxid") === other
        ? pass("it may")
        : fail(answer, `the user asked for, ${other}`);
    return isStandardError(answer) && answer.status < 500
      ? pass(`it may not: answered ${answer.status}`)
      : fail(answer, "a success or a 4xx, either is right");
  },
};

/** Both operations that need a validated session. */
async function useOf(
  context: Context,
  session: Pick<ValidationSession, "sid" | "client_secret">,
): Promise<readonly Exchange[]> {
  const { userId } = await identityAccount(context);
  return [await getValidated(context, session), await bind(context, session, userId)];
}

async function getValidated(
  context: Context,
  { sid, client_secret }: Pick<ValidationSession, "sid" | "client_secret">,
): Promise<Exchange> {
  const { token } = await identityAccount(context);
  const query = { sid, client_secret };
  return context.identity.get("/_matrix/identity/v2/3pid/getValidated3pid", { query, token });
}

// In seconds the present has ten digits; in milliseconds ten digits are the spring of 1970.
function isMilliseconds(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 100_000_000_000;
}
