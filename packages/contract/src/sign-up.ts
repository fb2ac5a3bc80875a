import type { Exchange } from "./exchange.ts";
import { stringMember } from "./json.ts";
import type { Session } from "./session.ts";
import type { Send, StageSolvers, Walk } from "./user-interactive-auth/solver.ts";
import { walkFlow } from "./user-interactive-auth/solver.ts";
import { stageSolvers } from "./user-interactive-auth/stage-solvers.ts";
import type { ValidatedAddress } from "./user-interactive-auth/validated-address.ts";

/** A registration that was walked as far as the server let it: an account, where its last answer gives one. */
export interface SignUp {
  readonly localpart: string;
  readonly password: string;
  readonly addresses: ValidatedAddress[];
  readonly registration: Registration;
}

/** Registers under a name that is used once, through the flow of this number among those that can be walked. */
export async function signUp(session: Session, role: string, which: number, inhibitLogin: boolean): Promise<SignUp> {
  const { homeserver, random } = session;
  const localpart = `contract-${random(10)}-${role}`;
  const password = newPassword(random);
  const addresses: ValidatedAddress[] = [];
  const body = {
    username: localpart,
    password,
    inhibit_login: inhibitLogin,
    initial_device_display_name: "contract test",
  };
  const send: Send = (auth) => homeserver.post("/_matrix/client/v3/register", { ...body, ...(auth && { auth }) });
  const solvers = stageSolvers(session, { purpose: "register", onValidated: (address) => addresses.push(address) });
  const opening = inhibitLogin ? await send() : null;
  const walk = await walkFlow(send, solvers, { which });
  // Some servers reserve a name for the session that asked first; then the session itself is the way to go on.
  const isReserved = opening !== null && stringMember(walk.opening.json, "errcode") === "M_USER_IN_USE";
  if (isReserved) {
    const reserved = await walkFlow(send, solvers, { which, opening });
    return { localpart, password, addresses, registration: { walk: reserved, inhibitedLogin: true, rival: null } };
  }
  const rival = opening === null ? null : { send, opening, solvers };
  return { localpart, password, addresses, registration: { walk, inhibitedLogin: inhibitLogin, rival } };
}

export interface Registration {
  readonly walk: Walk;
  /** The access token and device that its last answer had to leave out. */
  readonly inhibitedLogin: boolean;
  /** Another authentication for the same name, opened before this one and not continued. */
  readonly rival: Rival | null;
}

interface Rival {
  readonly send: Send;
  readonly opening: Exchange;
  readonly solvers: StageSolvers;
}

/** Long and mixed enough for any password policy. */
export function newPassword(random: (length: number) => string): string {
  return `Aa1!${random(20)}`;
}

/** Said alike by every rule that it keeps from being checked. */
export const registrationOff = "registration is off on this server";

/** Of all these, a guest may choose the display name only. */
export const guestRequest = {
  username: "contract-guest",
  device_id: "CONTRACTGUEST",
  initial_device_display_name: "contract test",
};
