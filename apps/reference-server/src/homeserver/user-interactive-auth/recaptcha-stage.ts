import { refusedAttempt } from "@matrix-openapi/server";
import type { UiaStage } from "@matrix-openapi/server";
import type { JsonObject } from "../../json.ts";
import { fetchObject } from "../../outbound/fetch-object.ts";
import { OutboundError } from "../../outbound/outbound-fetch.ts";
import type { Platform } from "../../platform.ts";

/**
 * Asks the captcha's own server whether the answer is right.
 * https://spec.matrix.org/v1.19/client-server-api/#google-recaptcha
 */
export function recaptchaStage(platform: Platform): UiaStage {
  return async ({ auth, remoteAddress, signal }) => {
    const { response } = auth as { response?: string }; // by the validator of `auth`
    if (!response) return needed;
    try {
      const verdict = await askVerifier(platform, response, remoteAddress, signal);
      return verdict["success"] === true ? { ok: true } : invalid;
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      platform.log.warn("the captcha could not be verified", { error });
      return unreachable;
    }
  };
}

async function askVerifier(
  { config, fetch }: Platform,
  response: string,
  remoteAddress: string | undefined,
  signal: AbortSignal,
): Promise<JsonObject> {
  const { verifyUrl, secret } = config.recaptcha;
  if (secret === null) throw new Error("m.login.recaptcha was offered without recaptcha.secret in the configuration");
  const body = new URLSearchParams({
    secret,
    response,
    ...(remoteAddress !== undefined && { remoteip: remoteAddress }),
  });
  return fetchObject(fetch, verifyUrl, { method: "POST", body, signal });
}

const needed = refusedAttempt("M_CAPTCHA_NEEDED", "The answer to the captcha is missing.");
const invalid = refusedAttempt("M_CAPTCHA_INVALID", "The captcha was not solved, or is too old: solve it again.");
const unreachable = refusedAttempt("M_UNKNOWN", "The server of the captcha cannot be asked now: try again later.");
