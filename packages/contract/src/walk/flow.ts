import type { Account } from "../accounts.ts";
import type { Client } from "../client-server/client.ts";
import { aliceOf, clientOf } from "../client-server/client.ts";
import { say, sharedRoom } from "../client-server/room.ts";
import type { Context } from "../context.ts";
import { oncePerRun } from "../once-per-run.ts";
import { newPassword } from "../sign-up.ts";
import type { Send } from "../user-interactive-auth/solver.ts";
import { walkFlow } from "../user-interactive-auth/solver.ts";
import { stageSolvers } from "../user-interactive-auth/stage-solvers.ts";

/** Leads one operation to its success; what it answers on the way is seen by the tally, so nothing is returned. */
export type Flow = (context: Context) => Promise<unknown>;

/** A room of alice's that bob is in, with a message, for everything that only needs one. */
const scene = oncePerRun(async (context) => {
  const shared = await sharedRoom(context, { name: "A walk", topic: "All operations" });
  const event = await say(shared.alice, shared.room, "a message to walk around");
  return { ...shared, event };
});

type Scene = Awaited<ReturnType<typeof scene>>;

export const asAlice =
  (go: (alice: Client, context: Context) => Promise<unknown>): Flow =>
  async (context) =>
    go(await aliceOf(context), context);

export const inScene =
  (go: (scene: Scene, context: Context) => Promise<unknown>): Flow =>
  async (context) =>
    go(await scene(context), context);

/** With an account that need not survive it. */
export const asThrowaway =
  (go: (client: Client, account: Account, context: Context) => Promise<unknown>): Flow =>
  async (context) => {
    const account = await context.accounts.carol();
    return go(clientOf(context, account), account, context);
  };

/** A request that asks for the account's password first. */
export function withPassword(context: Context, account: Account, send: Send): Promise<unknown> {
  return walkFlow(send, stageSolvers(context, { account }));
}

export function anotherPassword({ random }: Context): string {
  return newPassword(random);
}
