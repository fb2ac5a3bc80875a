import { createHash } from "node:crypto";
import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import type { JsonObject } from "../json.ts";
import { isObject, member, stringMember } from "../json.ts";
import type { Medium } from "../new-address.ts";
import { oncePerRun } from "../once-per-run.ts";
import { Blocked } from "../outcome.ts";
import { identityAccount } from "./account.ts";
import type { ValidationSession } from "./validation.ts";
import { validate } from "./validation.ts";

type Session = Pick<ValidationSession, "sid" | "client_secret">;

/** An address that has been bound to a user. */
interface Association {
  readonly session: ValidationSession;
  readonly mxid: string;
  readonly answer: Exchange;
  readonly body: JsonObject;
}

export async function bind(context: Context, { sid, client_secret }: Session, mxid: string): Promise<Exchange> {
  const { token } = await identityAccount(context);
  return context.identity.post("/_matrix/identity/v2/3pid/bind", { sid, client_secret, mxid }, { token });
}

/** Validates a new address and binds it to alice. */
export async function bindNewAddress(context: Context, medium: Medium): Promise<Association> {
  const { userId } = await identityAccount(context);
  const session = await validate(context, medium);
  const answer = await bind(context, session, userId);
  if (answer.status !== 200 || !isObject(answer.json))
    throw new Blocked(answer, "binding a validated address had to give 200 with the association");
  return { session, mxid: userId, answer, body: answer.json };
}

/** An email address of alice's that stays bound, for rules that only look at it. */
export const boundEmail = oncePerRun((context) => bindNewAddress(context, "email"));

/** Takes an association away again, as the owner of the address. */
export async function unbind(
  context: Context,
  { sid, client_secret, medium, address }: Pick<ValidationSession, "sid" | "client_secret" | "medium" | "address">,
  mxid: string,
): Promise<Exchange> {
  const { token } = await identityAccount(context);
  const body = { sid, client_secret, mxid, threepid: { medium, address } };
  return context.identity.post("/_matrix/identity/v2/3pid/unbind", body, { token });
}

/** A server need not support unbinding; then it answers so, with no Matrix error in the body. */
export function isUnbindUnsupported({ status, json }: Exchange): boolean {
  const errcode = stringMember(json, "errcode");
  return [400, 404, 501].includes(status) && (errcode === undefined || errcode === "M_UNRECOGNIZED");
}

interface HashDetails {
  readonly algorithms: readonly unknown[];
  readonly pepper: string;
}

export async function hashDetails(context: Context): Promise<HashDetails> {
  const { token } = await identityAccount(context);
  const answer = await context.identity.get("/_matrix/identity/v2/hash_details", { token });
  const algorithms = member(answer.json, "algorithms");
  const pepper = stringMember(answer.json, "lookup_pepper");
  if (answer.status !== 200 || !Array.isArray(algorithms) || pepper === undefined)
    throw new Blocked(answer, "`hash_details` had to give `algorithms` and `lookup_pepper`");
  return { algorithms, pepper };
}

/** https://spec.matrix.org/v1.19/identity-service-api/#sha256 */
export function lookupHash(address: string, medium: string, pepper: string): string {
  return createHash("sha256").update(`${address} ${medium} ${pepper}`).digest("base64url");
}

/** A lookup as it is sent; undefined leaves a member out. */
export async function sendLookup(context: Context, body: JsonObject): Promise<Exchange> {
  const { token } = await identityAccount(context);
  return context.identity.post("/_matrix/identity/v2/lookup", body, { token });
}

interface Found {
  readonly answer: Exchange;
  /** The user the address leads to; undefined where it leads to nobody. */
  readonly user: string | undefined;
}

/** Looks one address up by its hash. */
export async function lookUp(
  context: Context,
  { medium, address }: { readonly medium: string; readonly address: string },
): Promise<Found> {
  const { pepper } = await hashDetails(context);
  const hash = lookupHash(address, medium, pepper);
  const answer = await sendLookup(context, { algorithm: "sha256", pepper, addresses: [hash] });
  return { answer, user: stringMember(member(answer.json, "mappings"), hash) };
}
