import type { UiaStage } from "@matrix-openapi/server";
import type { components } from "@matrix-openapi/definitions/client-server";
import type { Platform } from "../../platform.ts";
import { checkPassword, identifyAccount } from "../accounts/password-check.ts";

type PasswordAuthentication = components["schemas"]["PasswordAuthentication"];

/** https://spec.matrix.org/v1.19/client-server-api/#password-based */
export function passwordStage(platform: Platform): UiaStage {
  return async ({ auth, user }) => {
    const { identifier, password } = auth as unknown as PasswordAuthentication; // by the validator of `auth`
    const who = await identifyAccount(platform, identifier);
    // Another account's password is not looked at, or this would be a way to try it.
    if (user !== undefined && who.account?.userId !== user.id) return wrong;
    const matches = await checkPassword(platform, who, password);
    if (who.account?.isDeactivated) return deactivated;
    return matches && who.account !== undefined ? { ok: true, userId: who.account.userId } : wrong;
  };
}

const wrong = { ok: false, errcode: "M_FORBIDDEN", error: "The user name or the password is wrong." } as const;
const deactivated = { ok: false, errcode: "M_USER_DEACTIVATED", error: "This account has been deactivated." } as const;
