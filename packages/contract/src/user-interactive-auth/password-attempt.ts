import type { Account } from "../accounts.ts";
import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import { Blocked, NotOffered } from "../outcome.ts";
import type { Challenge } from "./challenge.ts";
import { readChallenge } from "./challenge.ts";
import type { ProtectedOperation } from "./operations.ts";
import { deleteDevice } from "./operations.ts";
import type { Send } from "./solver.ts";
import { withSession } from "./solver.ts";
import { passwordAuth } from "./stage-solvers.ts";

/** A protected operation that alice's password alone would complete, with its challenge just received. */
interface PasswordAttempt {
  readonly alice: Account;
  readonly send: Send;
  readonly opening: Exchange;
  readonly challenge: Challenge;
  /** The spare device that the request asks to delete. */
  readonly device: string;
}

/** Deleting a device is the request for rules about single attempts: cheap, repeatable, and its effect can be seen. */
export async function openPasswordAttempt(
  context: Context,
  operation: ProtectedOperation = deleteDevice,
): Promise<PasswordAttempt> {
  const alice = await context.accounts.alice();
  const send = await operation.prepare(context);
  const opening = await send();
  const challenge = readChallenge(opening);
  if (challenge === null) throw new Blocked(opening, `${operation.operationId} had to ask for authentication`);
  if (!challenge.flows.some((flow) => flow.length === 1 && flow[0] === "m.login.password"))
    throw new NotOffered(`no flow of ${operation.operationId} is completed by the password alone`);
  return { alice, send, opening, challenge, device: alice.spareDevice ?? "" };
}

/** The same, after one attempt with a password that is not alice's. */
export async function wrongPassword(context: Context): Promise<PasswordAttempt & { readonly answer: Exchange }> {
  const attempt = await openPasswordAttempt(context);
  const wrong = { ...passwordAuth(attempt.alice), password: `not-${context.random(16)}` };
  return { ...attempt, answer: await attempt.send(withSession(wrong, attempt.challenge.session)) };
}
