import type { Account } from "../accounts.ts";
import type { Client } from "../client-server/client.ts";
import { aliceOf, bobOf, clientOf } from "../client-server/client.ts";
import { say, sharedRoom } from "../client-server/room.ts";
import type { Context } from "../context.ts";
import { stringMember } from "../json.ts";
import { oncePerRun } from "../once-per-run.ts";
import { Blocked, NotOffered } from "../outcome.ts";
import { newPassword, registrationOff, signUp } from "../sign-up.ts";
import type { Send } from "../user-interactive-auth/solver.ts";
import { walkFlow } from "../user-interactive-auth/solver.ts";
import { stageSolvers } from "../user-interactive-auth/stage-solvers.ts";

/** Leads one operation to its success; what it answers on the way is seen by the tally, so nothing is returned. */
export type Flow = (context: Context) => Promise<unknown>;

/** A room of alice's that bob is in, with a message, for everything that only needs one. */
export const scene = oncePerRun(async (context) => {
  const shared = await sharedRoom(context, { name: "A walk", topic: "All operations" });
  const event = await say(shared.alice, shared.room, "a message to walk around");
  return { ...shared, event };
});

type Scene = Awaited<ReturnType<typeof scene>>;

export const asAlice =
  (go: (alice: Client, context: Context) => Promise<unknown>): Flow =>
  async (context) =>
    go(await aliceOf(context), context);

export const asBob =
  (go: (bob: Client, context: Context) => Promise<unknown>): Flow =>
  async (context) =>
    go(await bobOf(context), context);

export const inScene =
  (go: (scene: Scene, context: Context) => Promise<unknown>): Flow =>
  async (context) =>
    go(await scene(context), context);

/** An account for what an account does not survive. */
const throwaway = oncePerRun(async (context): Promise<Account> => {
  if (context.options.given?.[0] !== undefined)
    throw new NotOffered("the accounts were given to this run, which therefore spoils none");
  const { localpart, password, registration } = await signUp(context, "walk", 0, false);
  const { last } = registration.walk;
  if (last.status === 403) throw new NotOffered(registrationOff);
  const userId = stringMember(last.json, "user_id");
  const accessToken = stringMember(last.json, "access_token");
  const deviceId = stringMember(last.json, "device_id");
  if (userId === undefined || accessToken === undefined || deviceId === undefined)
    throw new Blocked(last, "registering had to give an access token, a device and the user ID");
  return { userId, localpart, password, accessToken, deviceId, spareDevice: null, addresses: [], registration };
});

export const asThrowaway =
  (go: (client: Client, account: Account, context: Context) => Promise<unknown>): Flow =>
  async (context) => {
    const account = await throwaway(context);
    return go(clientOf(context, account), account, context);
  };

/** A request that asks for the account's password first. */
export function withPassword(context: Context, account: Account, send: Send): Promise<unknown> {
  return walkFlow(send, stageSolvers(context, { account }));
}

export function anotherPassword({ random }: Context): string {
  return newPassword(random);
}
