import type { AuthenticatedUser, JsonValue, UiaRequirement } from "@matrix-openapi/server";
import type { OperationId, operations } from "@matrix-openapi/definitions/client-server/operations";
import type { Configuration } from "../../configuration/configuration.ts";
import type { Platform } from "../../platform.ts";
import { reauthentication } from "../accounts/reauthentication.ts";

/** The operations that ask their user to authenticate once more: https://spec.matrix.org/v1.19/client-server-api/#user-interactive-authentication-api */
export type AuthenticatedOperation = {
  [Id in OperationId]: (typeof operations)[Id]["uia"] extends null ? never : Id;
}[OperationId];

/**
 * What each operation asks for: registration what is configured, everything else the password. Who has no token, and
 * may have forgotten the password, can reset it by an address that was added to the account.
 */
export async function uiaRequirement(
  platform: Platform,
  operation: AuthenticatedOperation,
  user?: AuthenticatedUser,
): Promise<UiaRequirement> {
  if (operation === "register") return registrationRequirement(platform.config);
  if (user !== undefined) return reauthentication(platform, user);
  return operation === "changePassword" ? passwordReset : { flows: [["m.login.password"]] };
}

const passwordReset: UiaRequirement = {
  flows: [["m.login.password"], ["m.login.email.identity"], ["m.login.msisdn"]],
};

function registrationRequirement({ registration, terms, recaptcha }: Configuration): UiaRequirement {
  return {
    flows: registration.flows,
    // The engine leaves out what no flow has.
    params: {
      "m.login.terms": { policies: terms as JsonValue }, // it was JSON in the configuration
      "m.login.recaptcha": { public_key: recaptcha.siteKey },
    },
  };
}
