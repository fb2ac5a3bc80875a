import type { Accounts } from "./accounts.ts";
import type { Session } from "./session.ts";

/** What a check is given. */
export interface Context extends Session {
  readonly accounts: Accounts;
  /** What the homeserver answered to `/versions`. */
  readonly versions: readonly string[];
}
