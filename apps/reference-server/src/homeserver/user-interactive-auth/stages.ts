import type { UiaAttempt, UiaAttemptOutcome, UiaStage, UiaStages } from "@matrix-openapi/server";
import type { Platform } from "../../platform.ts";
import { ssoStage } from "../single-sign-on/sso-stage.ts";
import { limitFailedStages } from "../rate-limits.ts";
import { passwordStage } from "./password-stage.ts";
import { recaptchaStage } from "./recaptcha-stage.ts";
import { registrationTokenStage } from "./registration-token-stage.ts";
import { notValidatedYet, threepidStage } from "./threepid-stage.ts";

/**
 * The stages that this server decides about, beside `m.login.dummy` and `m.login.terms`, which are completed by being
 * named. https://spec.matrix.org/v1.19/client-server-api/#authentication-types
 */
export function uiaStages(platform: Platform): UiaStages {
  const stages: UiaStages = {
    "m.login.password": passwordStage(platform),
    "m.login.registration_token": registrationTokenStage(platform),
    "m.login.email.identity": threepidStage(platform, "email"),
    "m.login.msisdn": threepidStage(platform, "msisdn"),
    "m.login.recaptcha": recaptchaStage(platform),
    "m.login.sso": ssoStage,
    "m.oauth": ssoStage,
  };
  return Object.fromEntries(Object.entries(stages).map(([type, stage]) => [type, withLimit(platform, stage)]));
}

/** Guesses are counted by where they come from, and asked for again afterwards: guessing side by side gains nothing. */
function withLimit(platform: Platform, stage: UiaStage): UiaStage {
  return async (attempt: UiaAttempt): Promise<UiaAttemptOutcome> => {
    await limitFailedStages(platform, attempt.remoteAddress, 0);
    const outcome = await stage(attempt);
    const failed = "ok" in outcome && !outcome.ok && outcome !== notValidatedYet;
    await limitFailedStages(platform, attempt.remoteAddress, failed ? 1 : 0);
    return outcome;
  };
}
