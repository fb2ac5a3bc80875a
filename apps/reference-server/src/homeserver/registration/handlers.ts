import { error, ok } from "@matrix-openapi/server";
import type { Home, SomeHandlers } from "../home.ts";
import { limitFailedStages } from "../rate-limits.ts";
import { register } from "./register.ts";
import { isRegistrationTokenValid } from "../user-interactive-auth/registration-tokens.ts";
import { refuseUsername } from "./username.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#account-registration */
export function registrationHandlers(home: Home) {
  return {
    register: register(home),

    async checkUsernameAvailability({ params }) {
      return (await refuseUsername(home, params.query.username)) ?? ok({ available: true });
    },

    // Wrong guesses count like those in user-interactive auth, because a token is what they would find.
    async registrationTokenValidity({ params, remoteAddress }) {
      if (!home.config.registration.enabled) return error(403, "M_FORBIDDEN", "Registration is closed on this server.");
      await limitFailedStages(home, remoteAddress, 0);
      const valid = await isRegistrationTokenValid(home, params.query.token);
      if (!valid) await limitFailedStages(home, remoteAddress, 1);
      return ok({ valid });
    },
  } satisfies SomeHandlers;
}
