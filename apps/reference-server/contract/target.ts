import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import type { ContractOptions } from "@matrix-openapi/contract";
import { openInbox } from "@matrix-openapi/contract";
import type { ReferenceServerOptions } from "../src/index.ts";
import { createManualClock, startReferenceServer } from "../src/index.ts";

/** Both reference servers, and what a run of the contract tests has to know about them. */
export interface Target {
  readonly options: ContractOptions;
  close(): Promise<void>;
}

export const registrationToken = "open-sesame";
const recaptchaResponse = "not-a-robot";

const policy = {
  version: "1.2",
  en: { name: "Privacy policy", url: "https://example.org/privacy-en" },
  fr: { name: "Vie privée", url: "https://example.org/privacy-fr" },
};

/** Starts the servers with every stage of registration that they have, so that no rule about them is left out. */
export async function startTarget(changes: ReferenceServerOptions = {}): Promise<Target> {
  const recaptcha = await startRecaptchaVerifier();
  const clock = createManualClock();
  const server = await startReferenceServer({
    clock,
    passwordHashing: "test",
    logLevel: "error",
    registration: {
      flows: [
        ["m.login.registration_token", "m.login.terms", "m.login.dummy"],
        ["m.login.email.identity", "m.login.terms", "m.login.dummy"],
        ["m.login.recaptcha", "m.login.dummy"],
        ["m.login.msisdn", "m.login.dummy"],
      ],
      tokens: [{ token: registrationToken }],
    },
    terms: { privacy: policy },
    recaptcha: { siteKey: "site-key", secret: "secret", verifyUrl: recaptcha.url },
    identity: { terms: { privacy: policy } },
    rateLimits: { login: false, registration: false, userInteractiveAuth: false, requestToken: false },
    ...changes,
  });
  const inbox = openInbox(server.inbox);
  return {
    options: {
      homeserver: server.homeserver,
      identity: server.identity,
      mail: inbox,
      sms: inbox,
      clock: { advance: async (milliseconds) => clock.advance(milliseconds) },
      registrationToken,
      recaptchaResponse,
      timeout: 20_000,
      keepAccounts: true,
    },
    close: async () => {
      await server.close();
      await recaptcha.close();
    },
  };
}

/** Answers as the recaptcha service does, and knows one right response. */
async function startRecaptchaVerifier() {
  const server = createServer((incoming, outgoing) => {
    void text(incoming).then((body) => {
      const success = new URLSearchParams(body).get("response") === recaptchaResponse;
      outgoing.setHeader("content-type", "application/json").end(JSON.stringify({ success }));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/siteverify`,
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}
