import type { Account } from "../accounts.ts";
import { stringMember } from "../json.ts";
import { waitForMessage } from "../mail/arrivals.ts";
import { type Mailbox, tokenIn, validationLink } from "../mail/mailbox.ts";
import { Blocked } from "../outcome.ts";
import type { Session } from "../session.ts";
import type { StageSolvers } from "./solver.ts";

/** The operation's folder of requestToken endpoints: which one validates an address for it. */
export type TokenPurpose = "register" | "account/password" | "account/3pid";

export interface ValidatedAddress {
  readonly medium: "email" | "msisdn";
  /** As the account will show it: a mail address, or a phone number without `+`. */
  readonly address: string;
  readonly sid: string;
  readonly client_secret: string;
}

export interface StageInput {
  /** Whose password answers `m.login.password`. */
  readonly account?: Account;
  readonly purpose?: TokenPurpose;
  readonly onValidated?: (address: ValidatedAddress) => void;
}

/** Solvers for every stage that this run has the means for. */
export function stageSolvers(session: Session, input: StageInput): StageSolvers {
  const { account, purpose, onValidated } = input;
  const { mail, sms, options } = session;
  const { registrationToken, recaptchaResponse } = options;
  const solvers: Record<string, StageSolvers[string]> = {
    "m.login.dummy": async () => ({ type: "m.login.dummy" }),
    "m.login.terms": async () => ({ type: "m.login.terms" }),
  };
  if (account !== undefined) solvers["m.login.password"] = async () => passwordAuth(account);
  if (registrationToken !== undefined)
    solvers["m.login.registration_token"] = async () => ({
      type: "m.login.registration_token",
      token: registrationToken,
    });
  if (recaptchaResponse !== undefined)
    solvers["m.login.recaptcha"] = async () => ({ type: "m.login.recaptcha", response: recaptchaResponse });
  if (mail !== null && purpose !== undefined)
    solvers["m.login.email.identity"] = async () => {
      const validated = await validateAddress(session, "email", purpose);
      onValidated?.(validated);
      return threepidAuth("m.login.email.identity", validated);
    };
  if (sms !== null && purpose !== undefined)
    solvers["m.login.msisdn"] = async () => {
      const validated = await validateAddress(session, "msisdn", purpose);
      onValidated?.(validated);
      return threepidAuth("m.login.msisdn", validated);
    };
  return solvers;
}

export function passwordAuth(account: Account): { type: string; identifier: object; password: string } {
  return {
    type: "m.login.password",
    identifier: { type: "m.id.user", user: account.userId },
    password: account.password,
  };
}

export function threepidAuth(type: string, { sid, client_secret }: Pick<ValidatedAddress, "sid" | "client_secret">) {
  return { type, threepid_creds: { sid, client_secret } };
}

/** Asks the homeserver for a token, takes it from the mail or SMS, and hands it in as its receiver would. */
export async function validateAddress(
  session: Session,
  medium: "email" | "msisdn",
  purpose: TokenPurpose,
): Promise<ValidatedAddress> {
  const requested = await requestToken(session, medium, purpose);
  await submitToken(session, requested);
  return requested;
}

export interface RequestedToken extends ValidatedAddress {
  readonly mailbox: Mailbox;
  readonly submitUrl: string | undefined;
}

/** A validation session that was opened but whose token has not been handed in. */
export async function requestToken(
  { homeserver, mail, sms, random }: Session,
  medium: "email" | "msisdn",
  purpose: TokenPurpose,
): Promise<RequestedToken> {
  const mailbox = medium === "email" ? mail : sms;
  if (mailbox === null) throw new Blocked(null, `nothing to read ${medium} messages with`);
  const client_secret = random(24);
  // Numbers of the range that is kept free for fiction: nobody can be called by a test.
  const national = `07700900${String(Number.parseInt(random(6), 36) % 1000).padStart(3, "0")}`;
  const address = medium === "email" ? `${random(12)}@${mailbox.domain}` : `44${national.slice(1)}`;
  const who = medium === "email" ? { email: address } : { country: "GB", phone_number: national };
  const path = `/_matrix/client/v3/${purpose}/${medium}/requestToken`;
  const answer = await homeserver.post(path, { client_secret, send_attempt: 1, ...who });
  const sid = stringMember(answer.json, "sid");
  if (answer.status !== 200 || sid === undefined) throw new Blocked(answer, `${path} had to give a \`sid\``);
  return { medium, address, sid, client_secret, mailbox, submitUrl: stringMember(answer.json, "submit_url") };
}

/** Hands the token in through the message's link, or, where there is only a code, through `submit_url`. */
export async function submitToken(session: Session, requested: RequestedToken): Promise<void> {
  const message = await waitForMessage(requested.mailbox, requested.address, session.wait);
  const link = validationLink(message);
  const token = tokenIn(message);
  if (link !== undefined) {
    const answer = await session.links.get(link.href);
    if (answer.status >= 400) throw new Blocked(answer, "the link of the message had to validate the address");
    return;
  }
  if (token === undefined || requested.submitUrl === undefined)
    throw new Blocked(null, `the message to ${requested.address} carries neither a link nor a code to hand in`);
  const { sid, client_secret } = requested;
  const answer = await session.links.post(requested.submitUrl, { sid, client_secret, token });
  if (answer.status !== 200) throw new Blocked(answer, "`submit_url` had to take the token");
}
