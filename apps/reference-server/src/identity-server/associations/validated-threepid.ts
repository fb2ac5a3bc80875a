import { error, ok } from "@matrix-openapi/server";
import type { FindOutcome } from "../../validation-sessions/validation-sessions.ts";
import type { Handler, Identity } from "../identity.ts";

/** https://spec.matrix.org/v1.19/identity-service-api/#get_matrixidentityv23pidgetvalidated3pid */
export function validatedThreepid({ sessions }: Identity): Handler<"getValidated3pid"> {
  return async ({ params }) => {
    const { sid, client_secret: clientSecret } = params.query;
    const outcome = await sessions.find({ sid, clientSecret });
    if (!outcome.ok) return sessionError(outcome);
    const { medium, address, validatedAt } = outcome.session;
    return ok({ medium, address, validated_at: validatedAt });
  };
}

/** Why a session is of no use. */
export function sessionError({ reason }: Extract<FindOutcome, { ok: false }>) {
  switch (reason) {
    case "unknown-session":
      return error(404, "M_NO_VALID_SESSION", "There is no validation session of this ID and secret.");
    case "not-validated":
      return error(
        400,
        "M_SESSION_NOT_VALIDATED",
        "The address is not validated yet: its owner has to submit the token.",
      );
    case "expired":
      return error(400, "M_SESSION_EXPIRED", "The address was validated too long ago: start a new session.");
  }
}
