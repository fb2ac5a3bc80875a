// Rules about finding users by their addresses.

import type { Exchange } from "../exchange.ts";
import { isObject, member, stringMember } from "../json.ts";
import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { identitySpec } from "../rule.ts";
import { identityAccount } from "./account.ts";
import { bindNewAddress, boundEmail, hashDetails, lookUp, lookupHash, sendLookup } from "./association.ts";
import { isError } from "./standard-error.ts";
import { usableMedia } from "./validation.ts";

export const hashDetailsHaveSha256: Rule = {
  id: "is-22",
  title: "`hash_details` gives the pepper and the algorithms, sha256 among them",
  level: "must",
  specUrl: identitySpec("get_matrixidentityv2hash_details"),
  reason: "It is the one algorithm that clients and servers must have in common.",
  needs: ["homeserver", "identity"],
  testable: true,
  async check(context) {
    const { token } = await identityAccount(context);
    const answer = await context.identity.get("/_matrix/identity/v2/hash_details", { token });
    const algorithms = member(answer.json, "algorithms");
    if (answer.status !== 200 || stringMember(answer.json, "lookup_pepper") === undefined)
      return fail(answer, "200 with a string `lookup_pepper`");
    if (!Array.isArray(algorithms) || !algorithms.includes("sha256"))
      return fail(answer, "sha256 among the `algorithms`");
    return pass();
  },
};

export const boundAddressIsFound: Rule = {
  id: "is-23",
  title: "A bound address is found by the sha256 hash of address, medium and pepper",
  level: "must",
  specUrl: identitySpec("sha256"),
  reason: "Client and server arrive at the same URL-safe unpadded Base64, or nobody is ever found.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    for (const medium of await usableMedia(context)) {
      const { session, mxid } = medium === "email" ? await boundEmail(context) : await bindNewAddress(context, medium);
      const { answer, user } = await lookUp(context, session);
      if (user !== mxid) return fail(answer, `the hash of the bound ${medium} address to lead to ${mxid}`);
    }
    return pass();
  },
};

export const onlyMatchesAreReturned: Rule = {
  id: "is-24",
  title: "A lookup returns the addresses that were found, and no others",
  level: "derived",
  specUrl: identitySpec("post_matrixidentityv2lookup"),
  reason: "Clients take every key of `mappings` for a user to show.",
  needs: ["homeserver", "identity"],
  testable: true,
  async check(context) {
    const { pepper } = await hashDetails(context);
    const unknown = lookupHash(`${context.random(12)}@nobody.example`, "email", pepper);
    // Where mail can be read there is also an address to find.
    const { address } = context.mail === null ? { address: null } : (await boundEmail(context)).session;
    const bound = address === null ? [] : [lookupHash(address, "email", pepper)];
    const answer = await sendLookup(context, { algorithm: "sha256", pepper, addresses: [unknown, ...bound] });
    if (!hasMappings(answer)) return fail(answer, "200 with an object `mappings`");
    const stray = foundIn(answer).find((hash) => !bound.includes(hash));
    if (stray !== undefined) return fail(answer, "no address in `mappings` that is bound to nobody");
    return pass();
  },
};

export const wrongPepperIsRefused: Rule = {
  id: "is-25",
  title: "A lookup with a wrong pepper, or with none, is refused",
  level: "derived",
  specUrl: identitySpec("post_matrixidentityv2lookup"),
  reason: "A client whose pepper has rotated has to learn that it must ask anew, or it finds nobody any more.",
  needs: ["homeserver", "identity"],
  testable: true,
  async check(context) {
    const { pepper } = await hashDetails(context);
    const addresses = [lookupHash("nobody@nobody.example", "email", pepper)];
    const wrong = await sendLookup(context, { algorithm: "sha256", pepper: `${pepper}x`, addresses });
    if (!isError(wrong, 400, "M_INVALID_PEPPER")) return fail(wrong, "400 M_INVALID_PEPPER for a wrong pepper");
    const missing = await sendLookup(context, { algorithm: "sha256", addresses });
    if (!isError(missing, 400, "M_INVALID_PEPPER", "M_MISSING_PARAMS"))
      return fail(missing, "400 M_INVALID_PEPPER, or M_MISSING_PARAMS, without a pepper");
    return pass();
  },
};

export const unknownAlgorithmIsRefused: Rule = {
  id: "is-26",
  title: "A lookup with an unknown algorithm is M_INVALID_PARAM",
  level: "derived",
  specUrl: identitySpec("post_matrixidentityv2lookup"),
  reason: "The client has to choose another one; an empty result would say that nobody is there.",
  needs: ["homeserver", "identity"],
  testable: true,
  async check(context) {
    const { pepper } = await hashDetails(context);
    const answer = await sendLookup(context, { algorithm: "contract-unknown", pepper, addresses: ["contract"] });
    if (!isError(answer, 400, "M_INVALID_PARAM")) return fail(answer, "400 M_INVALID_PARAM");
    return pass();
  },
};

export const clearTextOnlyWhereOffered: Rule = {
  id: "is-27",
  title: "The algorithm `none` works where it is offered, and nowhere else",
  level: "derived",
  specUrl: identitySpec("none"),
  reason: "It shows addresses in the clear, so that a server has to say that it wants them so.",
  needs: ["homeserver", "identity"],
  testable: true,
  async check(context) {
    const { algorithms, pepper } = await hashDetails(context);
    const addresses = [`nobody${context.random(12)}@nobody.example email`];
    const answer = await sendLookup(context, { algorithm: "none", pepper, addresses });
    if (!algorithms.includes("none")) {
      if (!isError(answer, 400, "M_INVALID_PARAM")) return fail(answer, "400 M_INVALID_PARAM: `none` is not offered");
      return pass("`none` is not offered");
    }
    if (!hasMappings(answer)) return fail(answer, "200 with an object `mappings`: `none` is offered");
    return pass("`none` is offered");
  },
};

export const malformedHashIsNoMatch: Rule = {
  id: "is-28",
  title: "A hash of the wrong form is no match, and no error",
  level: "derived",
  specUrl: identitySpec("post_matrixidentityv2lookup"),
  reason: "One bad entry of an address book must not hide all the others.",
  needs: ["homeserver", "identity"],
  testable: true,
  async check(context) {
    const { pepper } = await hashDetails(context);
    const addresses = ["not a hash", "alice@example.org email", "ä", "=".repeat(43)];
    const answer = await sendLookup(context, { algorithm: "sha256", pepper, addresses });
    if (!hasMappings(answer) || foundIn(answer).length > 0) return fail(answer, "200 with empty `mappings`");
    return pass();
  },
};

function hasMappings({ status, json }: Exchange): boolean {
  return status === 200 && isObject(member(json, "mappings"));
}

function foundIn({ json }: Exchange): readonly string[] {
  const mappings = member(json, "mappings");
  return Object.keys(isObject(mappings) ? mappings : {});
}
