import type { Home, SomeHandlers } from "../home.ts";
import { changePassword } from "./change-password.ts";
import { deactivateAccount } from "./deactivate.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#account-management */
export function accountHandlers(home: Home) {
  return { changePassword: changePassword(home), deactivateAccount: deactivateAccount(home) } satisfies SomeHandlers;
}
