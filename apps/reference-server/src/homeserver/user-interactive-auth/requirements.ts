import { MatrixError } from "@matrix-openapi/server";
import type { JsonValue, UiaRequirement } from "@matrix-openapi/server";
import type { OperationId, operations } from "@matrix-openapi/definitions/client-server/operations";
import type { Configuration } from "../../configuration/configuration.ts";
import type { Platform } from "../../platform.ts";
import { reauthentication } from "../accounts/reauthentication.ts";
import type { SessionOwner } from "../home.ts";

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
  user?: SessionOwner,
): Promise<UiaRequirement> {
  if (operation === "register") return registrationRequirement(platform.config);
  if (user?.providerId !== undefined) return providerRequirement(platform, operation);
  if (user !== undefined) return reauthentication(platform, user);
  return operation === "changePassword" ? passwordReset : { flows: [["m.login.password"]] };
}

const passwordReset: UiaRequirement = {
  flows: [["m.login.password"], ["m.login.email.identity"], ["m.login.msisdn"]],
};

/** What a token of OAuth 2.0 is good for: https://spec.matrix.org/v1.19/client-server-api/#oauth-authentication */
function providerRequirement({ urls }: Platform, operation: AuthenticatedOperation): UiaRequirement {
  if (operation !== "uploadCrossSigningKeys") {
    throw new MatrixError(
      403,
      "M_FORBIDDEN",
      "The authorization server has issued your token: do this on its account page, as GET /auth_metadata says.",
    );
  }
  const page = `${urls.homeserver}/_matrix/client/v3/auth/m.oauth/fallback/web`;
  return { flows: [["m.oauth"]], params: { "m.oauth": (session) => ({ url: `${page}?session=${session}` }) } };
}

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
