import { error, ok, redirect } from "@matrix-openapi/server";
import type { HtmlResult, JsonResult, RedirectResult } from "@matrix-openapi/server";
import { html, pageResult } from "../html.ts";
import type { Html } from "../html.ts";
import type { SubmitOutcome } from "./validation-sessions.ts";

export interface SubmissionError {
  readonly errcode: "M_TOKEN_INCORRECT" | "M_INVALID_PARAM" | "M_SESSION_EXPIRED";
  readonly error: string;
}

/** What POST submitToken answers, at an identity server and at a homeserver's `submit_url` (codes since v1.18). */
export function submissionResult(
  outcome: SubmitOutcome,
): JsonResult<200, { success: true }> | JsonResult<400, SubmissionError> {
  if (outcome.ok) return ok({ success: true });
  const [errcode, message] = problems[outcome.reason];
  return error(400, errcode, message);
}

/** `malformed`: a parameter is missing or is none; the link was cut off on its way. */
export type LinkOutcome = SubmitOutcome | { readonly ok: false; readonly reason: "malformed" };

/**
 * What GET submitToken answers: its reader is a person who clicked on the link in a message.
 * https://spec.matrix.org/v1.19/identity-service-api/#get_matrixidentityv2validateemailsubmittoken
 */
export function submissionPage(outcome: LinkOutcome): HtmlResult<200> | HtmlResult<400> | RedirectResult<302> {
  if (!outcome.ok) {
    const [, explanation] = problems[outcome.reason];
    return page(400, "That did not work", html`<p>${explanation}</p>`);
  }
  if (outcome.nextLink !== null) return redirect(302, outcome.nextLink, secretiveHeaders);
  const { address, medium } = outcome.session;
  const shown = medium === "msisdn" ? `+${address}` : address;
  return page(
    200,
    "Thank you",
    html`<p>${shown} is confirmed as yours.</p>
      <p>You can close this page and go back to where you came from.</p>`,
  );
}

/** The URL of such a request holds the token, which is neither to be kept nor told to where the reader goes next. */
const secretiveHeaders = { "Cache-Control": "no-store", "Referrer-Policy": "no-referrer" };

function page<const Status extends number>(status: Status, title: string, explanation: Html): HtmlResult<Status> {
  return pageResult(status, {
    title,
    body: html`<h1>${title}</h1>
      ${explanation}`,
  });
}

const problems = {
  "unknown-session": [
    "M_INVALID_PARAM",
    "There is no validation session of this ID and secret. Ask for a new message, and use the link or code in that one.",
  ],
  incorrect: ["M_TOKEN_INCORRECT", "The code is not the one that was sent. Compare it with the message."],
  expired: ["M_SESSION_EXPIRED", "The message is too old. Ask for a new one."],
  exhausted: ["M_SESSION_EXPIRED", "Too many wrong codes were given. Ask for a new message."],
  malformed: ["M_INVALID_PARAM", "The link is not complete. Copy the whole of it from the message."],
} as const satisfies Record<string, readonly [SubmissionError["errcode"], string]>;
