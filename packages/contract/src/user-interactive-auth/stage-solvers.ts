import type { Account } from "../accounts.ts";
import type { Session } from "../session.ts";
import type { StageSolvers } from "./solver.ts";
import type { TokenPurpose, ValidatedAddress } from "./validated-address.ts";
import { validateAddress } from "./validated-address.ts";

interface StageInput {
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
