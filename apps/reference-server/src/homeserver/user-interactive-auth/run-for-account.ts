import { MatrixError } from "@matrix-openapi/server";
import type { JsonResult, UiaGate, UiaGrant } from "@matrix-openapi/server";
import type { Platform } from "../../platform.ts";
import { findAccount } from "../accounts/accounts.ts";
import type { AccountProof } from "../accounts/credential-generation.ts";
import type { SessionOwner } from "../home.ts";
import { uiaRequirement } from "./requirements.ts";
import type { AuthenticatedOperation } from "./requirements.ts";

/** Who asks, of the context of a handler. */
interface Request {
  readonly user: SessionOwner | undefined;
  readonly uia: UiaGate;
}

/**
 * Runs the work of an operation on an account, for who has shown to be its owner and still is when the transaction has
 * begun: checking a password is slow, and completed stages may lie around for long.
 * https://spec.matrix.org/v1.19/client-server-api/#user-interactive-authentication-api
 */
export async function runForAccount<R extends JsonResult>(
  platform: Platform,
  operation: Exclude<AuthenticatedOperation, "register">,
  { user, uia }: Request,
  work: (userId: string, grant: UiaGrant) => Promise<R>,
): Promise<R> {
  const isExempt = user?.applicationService !== undefined && openToServices.has(operation);
  const requirement = isExempt ? { flows: [], exempt: true } : await uiaRequirement(platform, operation, user);
  return uia.run(requirement, async (grant) => work(await provenAccount(platform, user, grant), grant));
}

/** https://spec.matrix.org/v1.19/application-service-api/#device-management */
const openToServices = new Set<AuthenticatedOperation>(["deleteDevice", "deleteDevices"]);

/**
 * The account that the token and the stages stand for; throws where one of them has been ended since. Call it in the
 * transaction that relies on it.
 */
export async function provenAccount(
  { db }: Platform,
  user: SessionOwner | undefined,
  grant: UiaGrant,
): Promise<string> {
  if (user !== undefined && user.applicationService === undefined) {
    const token = await db
      .selectFrom("hs_access_tokens")
      .select("user_id")
      .where("token_hash", "=", user.tokenHash)
      .executeTakeFirst();
    if (token === undefined) throw new MatrixError(401, "M_UNKNOWN_TOKEN", "You have been logged out: log in again.");
  }
  const userId = user?.id ?? grant.userId;
  if (userId === null) throw new MatrixError(403, "M_FORBIDDEN", "The authentication has shown no account.");
  const account = await findAccount(db, userId);
  const isCurrent = proofsOf(grant).every((proof) => proof?.generation === account?.credentialGeneration);
  if (account === undefined || account.isDeactivated || !isCurrent) {
    throw new MatrixError(
      403,
      "M_FORBIDDEN",
      "The account has changed since you authenticated: repeat it without auth.",
    );
  }
  return userId;
}

/** Null for one that was given before there were generations. */
function proofsOf({ completed, evidence }: UiaGrant): (AccountProof | null)[] {
  return completed.filter((stage) => provingStages.has(stage)).map((stage) => evidence[stage] as AccountProof | null); // their own
}

const provingStages = new Set([
  "m.login.password",
  "m.login.sso",
  "m.oauth",
  "m.login.email.identity",
  "m.login.msisdn",
]);
