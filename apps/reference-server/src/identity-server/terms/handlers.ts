import type { components } from "@matrix-openapi/definitions/identity";
import { ok } from "@matrix-openapi/server";
import type { Identity, SomeHandlers } from "../identity.ts";
import { acceptTerms } from "./acceptances.ts";

/** https://spec.matrix.org/v1.19/identity-service-api/#terms-of-service */
export function termsHandlers(identity: Identity) {
  // They are configured in the form of the wire; only the types of a map with one odd key differ.
  const policies = identity.config.identity.terms as components["schemas"]["Terms"]["policies"];
  return {
    getTerms: () => ok({ policies }),
    async agreeToTerms({ body, user }) {
      await acceptTerms(identity, user.id, body.user_accepts);
      return ok({});
    },
  } satisfies SomeHandlers;
}
