import { randomBase64url } from "../../../crypto/random.ts";
import { field, html } from "../../../html.ts";
import type { Html } from "../../../html.ts";
import type { Platform } from "../../../platform.ts";
import { canonicalEmail } from "../../../threepids/canonical-email.ts";
import { canonicalPhoneNumber } from "../../../threepids/phone-number.ts";
import type { Medium } from "../../../validation-sessions/validation-sessions.ts";
import { validationSessionsOf } from "../../../validation-sessions/validation-sessions.ts";
import { limitFailedStages } from "../../rate-limits.ts";
import { registering, resettingPassword } from "../../threepids/purposes.ts";
import { sendToken } from "../../threepids/send-token.ts";
import type { FallbackStage, Fields, StageState, Submission } from "./fallback-stage.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#email-based-identity--homeserver */
export function emailFallback(platform: Platform): FallbackStage {
  return {
    title: "Confirm your email address",
    form({ fields }) {
      return {
        content: isSent(fields)
          ? html`<p>A mail is on its way to ${fields["email"] ?? ""}. Open the link in it, then continue here.</p>
              ${kept(fields, ["email"])} ${sentButtons}`
          : html`${field("Email address", { name: "email", type: "email", value: fields["email"] ?? "" })} ${sendButton}`,
      };
    },
    async submit(state) {
      const { fields } = state;
      if (fields["action"] === "continue" && isSent(fields)) return attemptWith(fields);
      const address = canonicalEmail(fields["email"] ?? "");
      if (address === null) return { fields, problem: "This is no email address." };
      return send(platform, state, "email", address);
    },
  };
}

/** https://spec.matrix.org/v1.19/client-server-api/#phone-numbermsisdn-based-identity--homeserver */
export function msisdnFallback(platform: Platform): FallbackStage {
  return {
    title: "Confirm your phone number",
    form({ fields }) {
      return {
        content: isSent(fields)
          ? html`<p>A message is on its way to ${fields["phone_number"] ?? ""}. Enter the code from it.</p>
              ${field("Code", { name: "token", inputmode: "numeric", autocomplete: "one-time-code", required: false })}
              ${kept(fields, ["country", "phone_number"])} ${sentButtons}`
          : html`${field("Country, in two letters", { name: "country", value: fields["country"] ?? "", maxlength: "2" })}
            ${field("Phone number", { name: "phone_number", type: "tel", value: fields["phone_number"] ?? "" })}
            ${sendButton}`,
      };
    },
    async submit(state) {
      const { fields } = state;
      if (fields["action"] === "continue" && isSent(fields)) return submitCode(platform, fields);
      const country = (fields["country"] ?? "").trim().toUpperCase();
      const address = canonicalPhoneNumber(fields["phone_number"] ?? "", country);
      if (address === null) return { fields, problem: "This is no phone number of that country." };
      return send(platform, state, "msisdn", address);
    },
  };
}

async function submitCode(platform: Platform, fields: Fields): Promise<Submission> {
  const { sid = "", client_secret: clientSecret = "", token = "" } = fields;
  const outcome = await validationSessionsOf(platform, "hs").submit({ sid, clientSecret }, token);
  if (outcome.ok) return attemptWith(fields);
  const isOver = outcome.reason !== "incorrect";
  return { fields, problem: isOver ? "The code is too old: send a new message." : "This is not the code." };
}

/** The page is its own client: the session of the validation and its secret travel in the form. */
async function send(platform: Platform, state: StageState, medium: Medium, address: string): Promise<Submission> {
  const { session, fields, remoteAddress } = state;
  await limitFailedStages(platform, remoteAddress, 1); // or the page would be a way to write to many addresses
  const purpose = session.operationId === "register" ? registering : resettingPassword;
  const refusal = await purpose.refuse(platform, { medium, address });
  if (refusal !== undefined) return { fields, problem: refusal.body.error };
  const given = fields["client_secret"] ?? "";
  const clientSecret = opaqueId.test(given) ? given : randomBase64url(platform.random, 32);
  const sendAttempt = attemptsOf(fields) + 1;
  const outcome = await sendToken(platform, purpose, {
    medium,
    address,
    clientSecret,
    sendAttempt,
    nextLink: undefined,
  });
  if (!outcome.ok) return { fields, problem: problems[outcome.reason] };
  const sent = { sid: outcome.sid, client_secret: clientSecret, send_attempt: String(sendAttempt) };
  return { fields: { ...fields, ...sent } };
}

const opaqueId = /^[0-9a-zA-Z.=_-]{1,255}$/;

const problems = {
  rejected: "Messages to this address are refused: use another one.",
  unavailable: "The message could not be sent: try again later.",
  "rate-limited": "Too many messages to this address: wait before you send another one.",
};

function attemptWith({ sid, client_secret }: Fields): Submission {
  return { attempt: { threepid_creds: { sid, client_secret } } };
}

function isSent({ sid, client_secret: secret }: Fields): boolean {
  return sid !== undefined && secret !== undefined;
}

function attemptsOf({ send_attempt: attempts = "0" }: Fields): number {
  return /^\d{1,6}$/.test(attempts) ? Number(attempts) : 0;
}

function kept(fields: Fields, names: readonly string[]): readonly Html[] {
  return [...names, "sid", "client_secret", "send_attempt"].map(
    (name) => html`<input type="hidden" name="${name}" value="${fields[name] ?? ""}" /> `,
  );
}

const sendButton = html`<p><button name="action" value="send">Send a message</button></p>`;
const sentButtons = html`<p>
  <button name="action" value="continue">Continue</button>
  <button name="action" value="send">Send again</button>
</p>`;
