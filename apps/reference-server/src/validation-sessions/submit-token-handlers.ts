import type { IdentityHandlers } from "@matrix-openapi/server";
import { submissionPage, submissionResult } from "./submission-answers.ts";
import type { ValidationSessions } from "./validation-sessions.ts";

interface Submission {
  readonly sid: string;
  readonly client_secret: string;
  readonly token: string;
}

/**
 * By GET for the person who follows the link, by POST for their client; email and phone differ in the message alone.
 * https://spec.matrix.org/v1.19/identity-service-api/#get_matrixidentityv2validateemailsubmittoken
 */
export function submitTokenHandlers(sessions: ValidationSessions) {
  const submit = ({ sid, client_secret: clientSecret, token }: Submission) =>
    sessions.submit({ sid, clientSecret }, token);
  return {
    emailSubmitTokenGet: async ({ params }) => submissionPage(await submit(params.query)),
    emailSubmitTokenPost: async ({ body }) => submissionResult(await submit(body)),
    msisdnSubmitTokenGet: async ({ params }) => submissionPage(await submit(params.query)),
    msisdnSubmitTokenPost: async ({ body }) => submissionResult(await submit(body)),
  } satisfies Partial<IdentityHandlers>;
}
