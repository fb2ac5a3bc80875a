import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { member, stringMember } from "../json.ts";
import { waitForMessage } from "../mail/arrivals.ts";
import type { Mailbox, Message } from "../mail/mailbox.ts";
import { tokenIn } from "../mail/mailbox.ts";
import type { Medium, NewAddress } from "../new-address.ts";
import { newAddress } from "../new-address.ts";
import { oncePerRun } from "../once-per-run.ts";
import { Blocked } from "../outcome.ts";
import { identityAccount } from "./account.ts";

/** Somebody's address, and who may be asked for the messages to it. */
export interface Recipient extends NewAddress {
  readonly medium: Medium;
  readonly mailbox: Mailbox;
  /** The messages that had arrived there before: phone numbers come around again. */
  readonly seen: number;
}

/** A validation session whose token has been sent, and not handed in. */
export interface ValidationSession extends Recipient {
  readonly sid: string;
  readonly client_secret: string;
}

export async function newRecipient({ mail, sms, random }: Context, medium: Medium): Promise<Recipient> {
  const mailbox = medium === "email" ? mail : sms;
  if (mailbox === null) throw new Blocked(null, `nothing to read ${medium} messages with`);
  const { address, fields } = newAddress(medium, mailbox, random);
  return { medium, address, fields, mailbox, seen: (await mailbox.messagesTo(address)).length };
}

interface TokenRequest {
  readonly client_secret: string;
  readonly send_attempt?: number;
  readonly next_link?: string;
}

export async function requestToken(context: Context, to: Recipient, request: TokenRequest): Promise<Exchange> {
  const { token } = await identityAccount(context);
  const path = `/_matrix/identity/v2/validate/${to.medium}/requestToken`;
  return context.identity.post(path, { send_attempt: 1, ...to.fields, ...request }, { token });
}

/** Opens a session for a new address. */
export async function openValidation(context: Context, medium: Medium, next_link?: string): Promise<ValidationSession> {
  const to = await newRecipient(context, medium);
  const client_secret = context.random(24);
  const answer = await requestToken(context, to, { client_secret, ...(next_link !== undefined && { next_link }) });
  return { ...to, sid: sidIn(answer), client_secret };
}

/** The message that was sent in a session; `count` is 2 for the second one. */
export function messageOf(context: Context, session: Recipient, count = 1): Promise<Message> {
  return waitForMessage(session.mailbox, session.address, context.wait, session.seen + count);
}

export async function tokenOf(context: Context, session: Recipient): Promise<string> {
  const token = tokenIn(await messageOf(context, session));
  if (token === undefined) throw new Blocked(null, `the message to ${session.address} carries no token to hand in`);
  return token;
}

export interface Submission {
  readonly sid: string;
  readonly client_secret: string;
  readonly token: string;
}

/** What the receiver of the message would hand in. */
export async function rightSubmission(
  context: Context,
  session: Recipient & Pick<Submission, "sid" | "client_secret">,
): Promise<Submission> {
  const { sid, client_secret } = session;
  return { sid, client_secret, token: await tokenOf(context, session) };
}

export async function submitToken(context: Context, medium: Medium, submission: Submission): Promise<Exchange> {
  const { token } = await identityAccount(context);
  const { sid, client_secret } = submission;
  const body = { sid, client_secret, token: submission.token };
  return context.identity.post(`/_matrix/identity/v2/validate/${medium}/submitToken`, body, { token });
}

/** Opens a session for a new address and hands its token in. */
export async function validate(context: Context, medium: Medium, next_link?: string): Promise<ValidationSession> {
  const session = await openValidation(context, medium, next_link);
  const answer = await submitToken(context, medium, await rightSubmission(context, session));
  if (answer.status !== 200 || member(answer.json, "success") !== true)
    throw new Blocked(answer, "handing in the token of the message had to validate the address");
  return session;
}

/** What messages can be sent to and read here: mail, and phone numbers where the server sends to them. */
export const usableMedia = oncePerRun(async (context: Context): Promise<readonly Medium[]> => {
  if (context.sms === null) return ["email"];
  const answer = await requestToken(context, await newRecipient(context, "msisdn"), {
    client_secret: context.random(24),
  });
  return isPhoneRefused(answer) ? ["email"] : ["email", "msisdn"];
});

/** A server need not send text messages, or not to this country. */
export function isPhoneRefused({ status, json }: Exchange): boolean {
  const codes = ["M_SEND_ERROR", "M_DESTINATION_REJECTED", "M_UNRECOGNIZED"];
  return status === 403 || status === 501 || codes.includes(stringMember(json, "errcode") ?? "");
}

export function sidIn(answer: Exchange): string {
  const sid = stringMember(answer.json, "sid");
  if (answer.status !== 200 || sid === undefined) throw new Blocked(answer, "requesting a token had to give a `sid`");
  return sid;
}
