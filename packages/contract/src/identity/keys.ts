// Rules about the keys that signatures are checked with.

import type { Context } from "../context.ts";
import { member, stringMember } from "../json.ts";
import { oncePerRun } from "../once-per-run.ts";
import { Blocked, fail, NotOffered, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { identitySpec } from "../rule.ts";
import { boundEmail } from "./association.ts";
import { ephemeralKeyOf, storedInvitation } from "./invitation.ts";
import { makeKeyPair, signaturesOf } from "./signatures.ts";
import { isError } from "./standard-error.ts";

export const keysArePublished: Rule = {
  id: "is-19",
  title: "A long-term key is 32 bytes in unpadded Base64; one of an unknown ID is M_NOT_FOUND",
  level: "derived",
  specUrl: identitySpec("get_matrixidentityv2pubkeykeyid"),
  reason: "Whoever is shown a signature finds the key by the ID in it.",
  needs: ["identity"],
  testable: true,
  async check(context) {
    const { answer } = await longTermKey(context);
    const key = stringMember(answer.json, "public_key");
    if (answer.status !== 200 || key === undefined || !/^[A-Za-z0-9+/]{43}$/.test(key))
      return fail(answer, "200 with 43 characters of unpadded Base64 as `public_key`");
    const unknown = await context.identity.get(`/_matrix/identity/v2/pubkey/ed25519:contract${context.random(8)}`);
    if (!isError(unknown, 404, "M_NOT_FOUND")) return fail(unknown, "404 M_NOT_FOUND for an unknown key ID");
    return pass();
  },
};

export const longTermKeyIsValid: Rule = {
  id: "is-20",
  title: "`pubkey/isvalid` says yes to the server's key and no to any other",
  level: "derived",
  specUrl: identitySpec("get_matrixidentityv2pubkeyisvalid"),
  reason: "Rooms ask it before they let somebody in on the strength of a signature.",
  needs: ["identity"],
  testable: true,
  async check(context) {
    const key = await publicKey(context);
    const own = await isValid(context, "pubkey/isvalid", key);
    if (member(own.json, "valid") !== true) return fail(own, "`valid: true` for the key that `pubkey/{keyId}` gave");
    const other = await isValid(context, "pubkey/isvalid", makeKeyPair().publicKey);
    if (member(other.json, "valid") !== false) return fail(other, "`valid: false` for a key nobody has");
    return pass();
  },
};

export const invitationKeyIsValid: Rule = {
  id: "is-21",
  title: "`pubkey/ephemeral/isvalid` says yes to the key of an invitation, in the form it was given out",
  level: "must",
  specUrl: identitySpec("get_matrixidentityv2pubkeyephemeralisvalid"),
  reason: "Clients pass on the string of the room's event as it is, in whichever Base64 alphabet.",
  needs: ["identity", "mail"],
  testable: true,
  async check(context) {
    const key = ephemeralKeyOf(await storedInvitation(context)).publicKey;
    const given = await isValid(context, "pubkey/ephemeral/isvalid", key);
    if (member(given.json, "valid") !== true) return fail(given, "`valid: true` for the key that store-invite gave");
    const other = await isValid(context, "pubkey/ephemeral/isvalid", makeKeyPair().publicKey);
    if (member(other.json, "valid") !== false) return fail(other, "`valid: false` for a key nobody has");
    return pass();
  },
};

export const keysKeepToTheirKind: Rule = {
  id: "is-21x",
  title: "A long-term key is not valid as an invitation's key, nor the other way round",
  level: "security",
  specUrl: identitySpec("key-management"),
  reason: "The private half of an invitation's key travels by mail; it must never count as the server's own word.",
  needs: ["identity", "mail"],
  testable: true,
  async check(context) {
    const longTerm = await isValid(context, "pubkey/ephemeral/isvalid", await publicKey(context));
    if (member(longTerm.json, "valid") === true) return fail(longTerm, "`valid: false` for a long-term key");
    const { publicKey: ephemeral } = ephemeralKeyOf(await storedInvitation(context));
    const answer = await isValid(context, "pubkey/isvalid", ephemeral);
    if (member(answer.json, "valid") === true) return fail(answer, "`valid: false` for the key of an invitation");
    return pass();
  },
};

/** A key of the server's: the one that signs associations, or without mail the ID that most servers give their first. */
const longTermKey = oncePerRun(async (context: Context) => {
  const [signature] = context.mail === null ? [] : signaturesOf((await boundEmail(context)).body);
  const keyId = signature?.keyId ?? "ed25519:0";
  const answer = await context.identity.get(`/_matrix/identity/v2/pubkey/${encodeURIComponent(keyId)}`);
  if (signature === undefined && answer.status === 404)
    throw new NotOffered("the IDs of the server's keys cannot be learnt without reading its mail");
  return { answer };
});

async function publicKey(context: Context): Promise<string> {
  const { answer } = await longTermKey(context);
  const key = stringMember(answer.json, "public_key");
  if (key === undefined) throw new Blocked(answer, "`pubkey/{keyId}` had to give a key");
  return key;
}

function isValid({ identity }: Context, endpoint: string, key: string) {
  return identity.get(`/_matrix/identity/v2/${endpoint}`, { query: { public_key: key } });
}
