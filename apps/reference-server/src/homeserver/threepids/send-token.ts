import type { Platform } from "../../platform.ts";
import { sendTokenMessage } from "../../validation-sessions/token-messages.ts";
import { validationSessionsOf } from "../../validation-sessions/validation-sessions.ts";
import type { TokenRequest } from "../../validation-sessions/validation-sessions.ts";
import type { TokenPurpose } from "./purposes.ts";
import { submitUrl } from "./submit-route.ts";

/** Starts or continues a validation session of our own, and sends the link or code by which its owner completes it. */
export function sendToken(
  platform: Platform,
  { name, inWords }: TokenPurpose<unknown>,
  request: Omit<TokenRequest, "purpose">,
) {
  const { config, urls } = platform;
  const words = {
    serverName: config.serverName,
    purpose: inWords,
    submitUrl: submitUrl(urls),
    showsCode: true,
  };
  return validationSessionsOf(platform, "hs").request({ ...request, purpose: name }, (message) =>
    sendTokenMessage(platform, request, words, message),
  );
}
