import { randomInt, randomUUID } from "node:crypto";
import type { Mailbox, Message } from "../../src/mail/mailbox.ts";
import type { Call, Json, Routes } from "./answers.ts";
import { error, ok, segment } from "./answers.ts";

const submitUrl = "http://homeserver.test/_matrix/client/unstable/submit";

interface Validation {
  readonly medium: string;
  readonly address: string;
  readonly secret: unknown;
  readonly token: string;
  validated: boolean;
}

export type Validations = ReturnType<typeof createValidations>;

/** The validation sessions of the test homeserver, with the messages that it sends for them. */
export function createValidations() {
  const validations = new Map<string, Validation>();
  const messages: Message[] = [];
  const inbox: Mailbox = {
    domain: "contract.test",
    messagesTo: async (address) => messages.filter(({ to }) => to === address),
    close: async () => {},
  };
  return {
    inbox,
    find: (sid: unknown) => validations.get(String(sid)),
    requestToken: (medium: string, body: Json) => {
      const address = medium === "email" ? String(body["email"]) : `44${String(body["phone_number"]).slice(1)}`;
      const [sid, token] = [randomUUID(), String(randomInt(100_000, 1_000_000))];
      validations.set(sid, { medium, address, secret: body["client_secret"], token, validated: false });
      const link = `${submitUrl}?sid=${sid}&token=${token}`;
      const text = medium === "email" ? `Please open ${link}.` : `Your code: ${token}`;
      messages.push({ to: address, subject: "Your token", text, html: "" });
      return { sid, submit_url: submitUrl };
    },
    submit: (sid: unknown, token: unknown): boolean => {
      const validation = validations.get(String(sid));
      if (validation === undefined || validation.token !== token) return false;
      validation.validated = true;
      return true;
    },
    isValidated: (sid: unknown, secret: unknown): boolean => {
      const validation = validations.get(String(sid));
      return validation?.validated === true && validation.secret === secret;
    },
  };
}

/** Where tokens are asked for, by whichever operation they are for, and handed in. */
export function validationRoutes(validations: Validations): Routes {
  const requestToken = (call: Call) => ok(validations.requestToken(segment(call, 2), call.body));
  const submit = ({ body, query }: Call) =>
    validations.submit(query.get("sid") ?? body["sid"], query.get("token") ?? body["token"])
      ? ok({ success: true })
      : error(400, "M_TOKEN_INCORRECT");
  return {
    "POST /_matrix/client/v3/register/*/requestToken": requestToken,
    "POST /_matrix/client/v3/account/password/*/requestToken": requestToken,
    "POST /_matrix/client/v3/account/3pid/*/requestToken": requestToken,
    "GET /_matrix/client/unstable/submit": submit,
    "POST /_matrix/client/unstable/submit": submit,
  };
}
