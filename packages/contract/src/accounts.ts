import type { Exchange } from "./exchange.ts";
import { Unreachable } from "./http.ts";
import { stringMember } from "./json.ts";
import { Blocked, NotOffered } from "./outcome.ts";
import type { Session } from "./session.ts";
import type { Registration, SignUp } from "./sign-up.ts";
import { guestRequest, registrationOff, signUp } from "./sign-up.ts";
import type { Send, Walk } from "./user-interactive-auth/solver.ts";
import { walkFlow } from "./user-interactive-auth/solver.ts";
import { stageSolvers } from "./user-interactive-auth/stage-solvers.ts";
import type { ValidatedAddress } from "./user-interactive-auth/validated-address.ts";

/** One account on the target. Its members change as checks change the password or log in again. */
export interface Account {
  readonly userId: string;
  readonly localpart: string;
  password: string;
  accessToken: string;
  deviceId: string;
  /** A device beside the one in use, for checks that try to delete one; null until asked for and after it was deleted. */
  spareDevice: string | null;
  /** The addresses that were validated for it so far. */
  readonly addresses: ValidatedAddress[];
  /** How it was registered; null for an account that was given to the run. */
  readonly registration: Registration | null;
}

/** The accounts of a run, at most three (and one guest), each created or logged in when a check first asks for it. */
export interface Accounts {
  alice(): Promise<Account>;
  bob(): Promise<Account>;
  /** A newcomer whom nobody shares a room with at first, for what an account given to the run might not survive. */
  carol(): Promise<Account>;
  /** The answer to registering as a guest; what it asks for is what a guest may not choose. */
  guest(): Promise<Exchange>;
  /** How the accounts were registered, whatever came of it; throws NotOffered where registration is closed. */
  registrations(): Promise<readonly Walk[]>;
  /** Deactivates the accounts that were registered, as far as the server lets it. */
  retire(): Promise<void>;
}

/** Alice walks the first flow that can be walked. Bob walks the second, and registers without being logged in. */
export function createAccounts(session: Session): Accounts {
  const { given } = session.options;
  const aliceSignUp = once(() => signUp(session, "alice", 0, false));
  const bobSignUp = once(() => signUp(session, "bob", 1, true));
  const made: Account[] = [];
  const keep = async (signedUp: SignUp): Promise<Account> => {
    const account = await accountOf(session, signedUp);
    made.push(account);
    return account;
  };
  return {
    alice: once(async () => (given?.[0] === undefined ? keep(await aliceSignUp()) : logInAs(session, given[0]))),
    bob: once(async () => {
      if (given?.[1] !== undefined) return logInAs(session, given[1]);
      if (given?.[0] !== undefined) throw new NotOffered("needs a second account (give --account twice)");
      return keep(await bobSignUp());
    }),
    carol: once(async () => {
      if (given?.[0] !== undefined) throw new NotOffered("the accounts were given to this run, which spoils none");
      return keep(await signUp(session, "carol", 0, false));
    }),
    retire: async () => {
      for (const account of made) await deactivate(session, account);
    },
    guest: once(() =>
      session.homeserver.post("/_matrix/client/v3/register", guestRequest, { query: { kind: "guest" } }),
    ),
    registrations: async () => {
      if (given?.[0] !== undefined) throw new NotOffered("the accounts were given to this run, not registered by it");
      const walks = [(await aliceSignUp()).registration.walk, (await bobSignUp()).registration.walk];
      if (walks[0]?.last.status === 403) throw new NotOffered(registrationOff);
      return walks;
    },
  };
}

/** Logs the account in on a new device, which stays beside the one in use. */
export async function logIn(
  { homeserver }: Pick<Session, "homeserver">,
  account: Pick<Account, "userId" | "password">,
): Promise<{ readonly accessToken: string; readonly deviceId: string; readonly userId: string }> {
  const answer = await homeserver.post("/_matrix/client/v3/login", {
    type: "m.login.password",
    identifier: { type: "m.id.user", user: account.userId },
    password: account.password,
    initial_device_display_name: "contract test",
  });
  const accessToken = stringMember(answer.json, "access_token");
  const deviceId = stringMember(answer.json, "device_id");
  const userId = stringMember(answer.json, "user_id");
  if (answer.status !== 200 || accessToken === undefined || deviceId === undefined || userId === undefined)
    throw new Blocked(answer, "logging in with the password had to give an access token, a device and the user ID");
  return { accessToken, deviceId, userId };
}

/** After a check has logged the account out everywhere. */
export async function logInAgain(session: Pick<Session, "homeserver">, account: Account): Promise<void> {
  Object.assign(account, { ...pick(await logIn(session, account)), spareDevice: null });
}

/** A device that may be deleted: one that an earlier check failed to delete, or a new one. */
export async function spareDevice(session: Pick<Session, "homeserver">, account: Account): Promise<string> {
  account.spareDevice ??= (await logIn(session, account)).deviceId;
  return account.spareDevice;
}

async function accountOf(session: Session, made: SignUp): Promise<Account> {
  const { localpart, password, addresses, registration } = made;
  const { last } = registration.walk;
  if (last.status === 403) throw new NotOffered(registrationOff);
  const userId = stringMember(last.json, "user_id");
  if (last.status !== 200 || userId === undefined)
    throw new Blocked(last, "registering had to end with 200 and `user_id`");
  const accessToken = stringMember(last.json, "access_token");
  const deviceId = stringMember(last.json, "device_id");
  const access =
    accessToken !== undefined && deviceId !== undefined
      ? { accessToken, deviceId }
      : pick(await logIn(session, { userId, password }));
  return { userId, localpart, password, ...access, spareDevice: null, addresses, registration };
}

async function deactivate(session: Session, account: Account): Promise<void> {
  const path = "/_matrix/client/v3/account/deactivate";
  const send: Send = (auth) =>
    session.homeserver.post(path, { erase: true, ...(auth && { auth }) }, { token: account.accessToken });
  try {
    await walkFlow(send, stageSolvers(session, { account }));
  } catch (error) {
    // Tidying up is a courtesy: a server that makes it impossible keeps the account.
    if (!(error instanceof NotOffered || error instanceof Blocked || error instanceof Unreachable)) throw error;
  }
}

async function logInAs(session: Session, { user, password }: { user: string; password: string }): Promise<Account> {
  const access = await logIn(session, { userId: user, password });
  const localpart = access.userId.slice(1, access.userId.indexOf(":"));
  const account = { userId: access.userId, localpart, password, ...pick(access) };
  return { ...account, spareDevice: null, addresses: [], registration: null };
}

function pick({ accessToken, deviceId }: { accessToken: string; deviceId: string }) {
  return { accessToken, deviceId };
}

// An account that could not be made is not asked for again: the same reason blocks every rule that needs it.
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= Promise.resolve().then(make));
}
