import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import type { JsonObject } from "../json.ts";
import { isObject, stringMember } from "../json.ts";
import type { Message } from "../mail/mailbox.ts";
import { oncePerRun } from "../once-per-run.ts";
import { Blocked } from "../outcome.ts";
import { identityAccount } from "./account.ts";
import type { Recipient } from "./validation.ts";
import { messageOf, newRecipient } from "./validation.ts";

/** An invitation that alice sent to a new mail address. */
interface Invitation {
  readonly to: Recipient;
  readonly request: JsonObject;
  readonly answer: Exchange;
  readonly body: JsonObject;
}

interface InvitationKey {
  readonly publicKey: string;
  readonly validityUrl: string;
}

export const storedInvitation = oncePerRun(async (context: Context): Promise<Invitation> => {
  const { userId } = await identityAccount(context);
  const to = await newRecipient(context, "email");
  const request = {
    medium: "email",
    address: to.address,
    room_id: `!${context.random(18)}:${userId.slice(userId.indexOf(":") + 1)}`,
    room_name: `Garden${context.random(8)}`,
    sender: userId,
    sender_display_name: `Gardener${context.random(8)}`,
  };
  const answer = await storeInvitation(context, request);
  if (answer.status !== 200 || !isObject(answer.json))
    throw new Blocked(answer, "storing an invitation for a mail address had to give 200");
  return { to, request, answer, body: answer.json };
});

export async function storeInvitation(context: Context, request: JsonObject): Promise<Exchange> {
  const { token } = await identityAccount(context);
  return context.identity.post("/_matrix/identity/v2/store-invite", request, { token });
}

/** The keys of an invitation that have the form they must have: the server's own first, then the invitation's. */
export function keysOf({ body }: Invitation): readonly InvitationKey[] {
  const keys = body["public_keys"];
  if (!Array.isArray(keys)) return [];
  return keys.flatMap((key: unknown) => {
    const publicKey = stringMember(key, "public_key");
    const validityUrl = stringMember(key, "key_validity_url");
    if (publicKey === undefined || validityUrl === undefined || !URL.canParse(validityUrl)) return [];
    return [{ publicKey, validityUrl }];
  });
}

/** The key made for the invitation; its form is is-50's business. */
export function ephemeralKeyOf(invitation: Invitation): InvitationKey {
  const key = keysOf(invitation)[1];
  if (key === undefined) throw new Blocked(invitation.answer, "an invitation had to come with two keys");
  return key;
}

export function invitationMail(context: Context, { to }: Invitation): Promise<Message> {
  return messageOf(context, to);
}

/** The private key that the mail hands over in a link, which may be packed into another one; null where it is not found. */
export function privateKeyIn({ text, html }: Message): string | null {
  let unpacked = `${text}\n${html}`;
  for (let depth = 0; depth < 3; depth += 1) {
    const key = /private_key=([\w+/-]{43})(?![\w+/-])/.exec(unpacked)?.[1];
    if (key !== undefined) return key;
    unpacked = unpacked.replaceAll(/%[0-9A-F]{2}/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
  }
  return null;
}
