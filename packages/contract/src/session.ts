import { randomInt } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Exchange } from "./exchange.ts";
import type { Fetch, Http } from "./http.ts";
import { createHttp } from "./http.ts";
import type { Mailbox } from "./mail/mailbox.ts";
import type { PushGateway } from "./push/gateway.ts";
import { readServerUrl } from "./server-url.ts";

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** What the person who starts a run knows about the target beyond its URL. */
export interface TargetOptions {
  /** Existing accounts, for servers with closed registration. */
  readonly given?: readonly Credentials[];
  readonly registrationToken?: string;
  readonly recaptchaResponse?: string;
  /** Somebody who may lock and suspend accounts. */
  readonly administrator?: Credentials;
  /** A registered application service, with its own token (`as_token`). */
  readonly applicationService?: { readonly id: string; readonly token: string };
  /** A web page that the server can reach. */
  readonly previewUrl?: string;
}

/** Moves the server's own time, for rules about expiry; only a server in the same process or its operator can. */
export interface MovableClock {
  advance(milliseconds: number): Promise<void>;
}

/** What is set up once for a run and shared by everything in it. */
export interface Session {
  readonly homeserver: Http;
  readonly identity: Http;
  /** For URLs that a server handed out: links of mails, `submit_url`, pages. */
  readonly links: Http;
  readonly mail: Mailbox | null;
  readonly sms: Mailbox | null;
  readonly push: PushGateway | null;
  readonly clock: MovableClock | null;
  readonly options: TargetOptions;
  /** A fresh string of lower-case letters and digits. */
  readonly random: (length: number) => string;
  readonly wait: { readonly sleep: (milliseconds: number) => Promise<void>; readonly timeout: number };
}

export interface SessionOptions extends TargetOptions {
  readonly homeserver: URL | string;
  readonly identity?: URL | string;
  /** Sends every request of the run; the global `fetch` unless given. */
  readonly fetch?: Fetch;
  readonly mail?: Mailbox;
  readonly sms?: Mailbox;
  readonly push?: PushGateway;
  readonly clock?: MovableClock;
  /** Milliseconds one request, or the arrival of one message, may take; 30,000 unless given. */
  readonly timeout?: number;
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** Sets up what a run shares. Nothing is sent yet. */
export function openSession(options: SessionOptions, onExchange: (exchange: Exchange) => void): Session {
  const timeout = options.timeout ?? 30_000;
  const sleep = options.sleep ?? ((milliseconds) => delay(milliseconds));
  const http = { fetch: options.fetch ?? fetch, timeout, sleep, onExchange };
  const homeserver = createHttp("homeserver", readServerUrl("the homeserver", options.homeserver), http);
  const { mail = null, sms = null, push = null, clock = null } = options;
  return {
    homeserver,
    // Never used without an identity server: the rules that need one are skipped then.
    identity: createHttp(
      "identity",
      readServerUrl("the identity server", options.identity ?? "http://identity.invalid"),
      http,
    ),
    links: createHttp("link", homeserver.baseUrl, http),
    mail,
    sms,
    push,
    clock,
    options,
    random: randomName,
    wait: { sleep, timeout },
  };
}

function randomName(length: number): string {
  const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join("");
}
