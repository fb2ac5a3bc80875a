import type { Exchange } from "../exchange.ts";
import { stringMember } from "../json.ts";
import { waitForMessage } from "../mail/arrivals.ts";
import type { Mailbox } from "../mail/mailbox.ts";
import { tokenIn, validationLink } from "../mail/mailbox.ts";
import type { Medium } from "../new-address.ts";
import { newAddress } from "../new-address.ts";
import { Blocked } from "../outcome.ts";
import type { Session } from "../session.ts";
import { readForm, sendForm } from "./fallback-page.ts";

/** The operation's folder of requestToken endpoints: which one validates an address for it. */
export type TokenPurpose = "register" | "account/password" | "account/3pid";

export interface ValidatedAddress {
  readonly medium: Medium;
  /** As the account will show it: a mail address, or a phone number without `+`. */
  readonly address: string;
  readonly sid: string;
  readonly client_secret: string;
}

/** Asks the homeserver for a token, takes it from the mail or SMS, and hands it in as its receiver would. */
export async function validateAddress(
  session: Session,
  medium: Medium,
  purpose: TokenPurpose,
): Promise<ValidatedAddress> {
  const requested = await requestToken(session, medium, purpose);
  await submitToken(session, requested);
  return requested;
}

/** A validation session that was opened, and whose token is under way. */
interface RequestedToken extends ValidatedAddress {
  readonly mailbox: Mailbox;
  /** Which of the messages to the address carries the token. */
  readonly messageNumber: number;
  readonly submitUrl: string | undefined;
}

export async function requestToken(session: Session, medium: Medium, purpose: TokenPurpose): Promise<RequestedToken> {
  const mailbox = medium === "email" ? session.mail : session.sms;
  if (mailbox === null) throw new Blocked(null, `nothing to read ${medium} messages with`);
  const client_secret = session.random(24);
  const path = `/_matrix/client/v3/${purpose}/${medium}/requestToken`;
  for (let attempt = 1; ; attempt += 1) {
    const { address, fields } = newAddress(medium, mailbox, session.random);
    const messageNumber = (await mailbox.messagesTo(address)).length + 1;
    const answer = await session.homeserver.post(path, { client_secret, send_attempt: attempt, ...fields });
    if (isTaken(answer) && attempt < mostAttempts) continue;
    const sid = stringMember(answer.json, "sid");
    if (answer.status !== 200 || sid === undefined) throw new Blocked(answer, `${path} had to give a \`sid\``);
    const submitUrl = stringMember(answer.json, "submit_url");
    return { medium, address, sid, client_secret, mailbox, messageNumber, submitUrl };
  }
}

/** Hands the token in through the message's link, or, where there is only a code, through `submit_url`. */
export async function submitToken(session: Session, requested: RequestedToken): Promise<void> {
  const { mailbox, address, messageNumber, sid, client_secret, submitUrl } = requested;
  const message = await waitForMessage(mailbox, address, session.wait, messageNumber);
  const link = validationLink(message);
  if (link !== undefined) return openLink(session, link);
  const token = tokenIn(message);
  if (token === undefined || submitUrl === undefined)
    throw new Blocked(null, `the message to ${address} carries neither a link nor a code to hand in`);
  const answer = await session.links.post(submitUrl, { sid, client_secret, token });
  if (answer.status !== 200) throw new Blocked(answer, "`submit_url` had to take the token");
}

// Some servers ask on the page to confirm, so that a mail scanner that opens links validates nothing.
async function openLink({ links }: Session, link: URL): Promise<void> {
  const page = await links.get(link.href);
  const form = page.status === 200 ? readForm(page) : null;
  const answer = form === null ? page : await sendForm(links, page, form);
  if (answer.status >= 400) throw new Blocked(answer, "the link of the message had to validate the address");
}

// There are only a thousand telephone numbers to choose from, and another run may have bound the one chosen.
const mostAttempts = 20;

function isTaken(answer: Exchange): boolean {
  return answer.status === 400 && stringMember(answer.json, "errcode") === "M_THREEPID_IN_USE";
}
