import type { components } from "@matrix-openapi/definitions/client-server";
import type { Platform } from "../../platform.ts";
import { validationSessionsOf } from "../../validation-sessions/validation-sessions.ts";
import type { FindOutcome } from "../../validation-sessions/validation-sessions.ts";
import type { ValidationPurpose } from "./purposes.ts";

export type ThreepidCredentials = components["schemas"]["ThreepidCredentials"];

/**
 * What a client's credentials have validated here. An identity server's word counts for nothing, although a client may
 * name one: its messages ask for something harmless, and its sessions do not say what they were asked for.
 * https://spec.matrix.org/v1.19/client-server-api/#email-based-identity--homeserver
 */
export function findValidation(
  platform: Platform,
  { sid, client_secret: clientSecret }: Pick<ThreepidCredentials, "sid" | "client_secret">,
  purpose: ValidationPurpose,
): Promise<FindOutcome> {
  return validationSessionsOf(platform, "hs").find({ sid, clientSecret }, [purpose]);
}
