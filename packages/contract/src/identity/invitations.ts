// Rules about invitations for people who have no known user yet.

import { isObject, member, stringMember } from "../json.ts";
import { fail, pass, skip } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { identitySpec } from "../rule.ts";
import { identityAccount } from "./account.ts";
import { boundEmail } from "./association.ts";
import {
  ephemeralKeyOf,
  invitationMail,
  keysOf,
  privateKeyIn,
  storedInvitation,
  storeInvitation,
} from "./invitation.ts";
import { isSignedBy, makeKeyPair, signaturesOf } from "./signatures.ts";
import { isError } from "./standard-error.ts";

const storeInviteSpec = identitySpec("post_matrixidentityv2store-invite");
const signSpec = identitySpec("post_matrixidentityv2sign-ed25519");

export const invitationHasTokenAndKeys: Rule = {
  id: "is-50",
  title: "A stored invitation comes with a token, the server's key and one of its own, both valid",
  level: "must",
  specUrl: storeInviteSpec,
  reason: "The homeserver puts them into the room, which later lets in whoever shows signatures by them.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    const invitation = await storedInvitation(context);
    const { answer, body } = invitation;
    if (!/^[0-9a-zA-Z.=_-]{1,255}$/.test(stringMember(body, "token") ?? ""))
      return fail(answer, "a `token` of 1 to 255 of the characters 0-9 a-z A-Z . = _ -");
    const keys = keysOf(invitation);
    if (keys.length !== 2) return fail(answer, "two `public_keys`, each with `public_key` and `key_validity_url`");
    for (const { publicKey, validityUrl } of keys) {
      if (!/^[\w+/-]{43}$/.test(publicKey)) return fail(answer, "keys of 32 bytes in unpadded Base64", publicKey);
      const validity = await context.links.get(validityUrl, { query: { public_key: publicKey } });
      if (member(validity.json, "valid") !== true) return fail(validity, "`valid: true` at the key's own validity URL");
    }
    return pass();
  },
};

export const displayNameKeepsTheAddress: Rule = {
  id: "is-51a",
  title: "The display name of an invitation does not give the address away",
  level: "derived",
  specUrl: storeInviteSpec,
  reason: "Everybody in the room gets to see it.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    const { to, answer, body } = await storedInvitation(context);
    const name = stringMember(body, "display_name");
    if (name === undefined) return fail(answer, "a string `display_name`");
    if (name.toLowerCase().includes(to.address)) return fail(answer, "a name without the whole address", name);
    return pass();
  },
};

export const invitationIsMailed: Rule = {
  id: "is-51b",
  title: "A stored invitation is mailed to the address, and the mail names inviter and room",
  level: "should",
  specUrl: storeInviteSpec,
  reason: "It is all that the invited person gets to know.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    const invitation = await storedInvitation(context);
    const { subject, text, html } = await invitationMail(context, invitation);
    const mail = `${subject}\n${text}\n${html}`;
    const { sender, sender_display_name, room_name } = invitation.request;
    if (![sender, sender_display_name].some((inviter) => mail.includes(String(inviter))))
      return fail(invitation.answer, `a mail that names ${String(sender_display_name)}`, `the mail "${subject}"`);
    if (!mail.includes(String(room_name)))
      return fail(invitation.answer, `a mail that names the room ${String(room_name)}`, `the mail "${subject}"`);
    return pass();
  },
};

export const onlyEmailIsInvited: Rule = {
  id: "is-52a",
  title: "An invitation for another medium than email is M_UNRECOGNIZED",
  level: "derived",
  specUrl: storeInviteSpec,
  reason: "Invitations are defined for mail addresses only, so far.",
  needs: ["homeserver", "identity"],
  testable: true,
  async check(context) {
    const { userId } = await identityAccount(context);
    const room_id = `!${context.random(18)}:${userId.slice(userId.indexOf(":") + 1)}`;
    const request = { medium: "msisdn", address: "447700900123", room_id, sender: userId };
    const answer = await storeInvitation(context, request);
    return isError(answer, 400, "M_UNRECOGNIZED") ? pass() : fail(answer, "400 M_UNRECOGNIZED");
  },
};

export const boundAddressIsNotInvited: Rule = {
  id: "is-52b",
  title: "An invitation for a bound address is M_THREEPID_IN_USE, with its user",
  level: "derived",
  specUrl: storeInviteSpec,
  reason: "The homeserver invites that user instead.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    const { session, mxid } = await boundEmail(context);
    const room_id = `!${context.random(18)}:${mxid.slice(mxid.indexOf(":") + 1)}`;
    const { address } = session;
    const answer = await storeInvitation(context, { medium: "email", address, room_id, sender: mxid });
    if (!isError(answer, 400, "M_THREEPID_IN_USE") || stringMember(answer.json, "mxid") !== mxid)
      return fail(answer, `400 M_THREEPID_IN_USE with \`mxid\` ${mxid}`);
    return pass();
  },
};

export const homeserverIsToldOfInvitations: Rule = {
  id: "is-53",
  title: "Binding an invited address tells the user's homeserver, by a signed request",
  level: "must",
  specUrl: identitySpec("invitation-storage"),
  reason: "The homeserver then invites its user to the rooms that wait.",
  needs: ["identity"],
  testable: { no: "the request goes from server to server (`/3pid/onbind`), and a client sees nothing of it" },
};

export const unknownInvitationIsNotSigned: Rule = {
  id: "is-54a",
  title: "Signing for an unknown invitation is M_UNRECOGNIZED",
  level: "derived",
  specUrl: signSpec,
  reason: "There is no sender to sign for.",
  needs: ["homeserver", "identity"],
  testable: true,
  async check(context) {
    const { userId: mxid, token } = await identityAccount(context);
    const body = { mxid, token: context.random(24), private_key: makeKeyPair().privateKey };
    const answer = await context.identity.post("/_matrix/identity/v2/sign-ed25519", body, { token });
    return isError(answer, 404, "M_UNRECOGNIZED") ? pass() : fail(answer, "404 M_UNRECOGNIZED");
  },
};

export const invitationIsSigned: Rule = {
  id: "is-54b",
  title: "Signing an invitation gives user, sender and token with a signature by the key that was sent along",
  level: "derived",
  specUrl: signSpec,
  reason: "The room lets in whoever shows this.",
  needs: ["homeserver", "identity", "mail"],
  testable: true,
  async check(context) {
    const { userId: mxid, token: access } = await identityAccount(context);
    const invitation = await storedInvitation(context);
    const { sender } = invitation.request;
    const token = stringMember(invitation.body, "token");
    const mailed = privateKeyIn(await invitationMail(context, invitation));
    // Servers that sign blindly take any key; one that looks may insist on the one it has mailed.
    const made = makeKeyPair();
    const publicKey = mailed === null ? made.publicKey : ephemeralKeyOf(invitation).publicKey;
    const body = { mxid, token, private_key: mailed ?? made.privateKey };
    const answer = await context.identity.post("/_matrix/identity/v2/sign-ed25519", body, { token: access });
    if (mailed === null && answer.status === 400) return skip("the mail's private key could not be found in it");
    const signed = answer.json;
    if (answer.status !== 200 || !isObject(signed)) return fail(answer, "200 with the signed object");
    for (const [field, value] of Object.entries({ mxid, sender, token })) {
      if (signed[field] !== value) return fail(answer, `\`${field}\` ${String(value)}`);
    }
    const isSigned = signaturesOf(signed).some((signature) => isSignedBy(signed, signature, publicKey));
    return isSigned ? pass() : fail(answer, "a signature by the private key of the request");
  },
};
