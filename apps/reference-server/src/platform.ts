import type { MatrixApi, RequestContext } from "@matrix-openapi/server";
import type { Configuration } from "./configuration/configuration.ts";
import type { PasswordHasher } from "./crypto/password-hash.ts";
import type { Random } from "./crypto/random.ts";
import type { SigningKey } from "./crypto/signing-keys.ts";
import type { Mailer } from "./mail/mailer.ts";
import type { OutboundFetch } from "./outbound/outbound-fetch.ts";
import type { ServerUrls } from "./outbound/server-urls.ts";
import type { Clock } from "./process/clock.ts";
import type { Log } from "./process/log.ts";
import type { SmsSender } from "./sms/sms-sender.ts";
import type { Database } from "./storage/database.ts";

/** What the homeserver and the identity server stand on; each gets its own, with its own key and log. */
export interface Platform {
  readonly config: Configuration;
  /** Transactions through `withTransaction(db, work)`; own tables only (`hs_…` or `is_…`). */
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly passwords: PasswordHasher;
  /** This server's ed25519 key: created on the first start, the same ever after. */
  readonly signingKey: SigningKey;
  readonly mail: Mailer;
  readonly sms: SmsSender;
  /** For every outbound request whose URL somebody else decided: guarded against private addresses. */
  readonly fetch: OutboundFetch;
  /** Base URLs of our own servers, and of others by name. */
  readonly urls: ServerUrls;
  readonly log: Log;
}

/** One of the two servers, running: what the listener calls, through `handle` where there is one, because it is faster. */
export interface ServerApplication {
  fetch(request: Request, context?: RequestContext): Promise<Response>;
  readonly handle?: MatrixApi["handle"];
  close?(): Promise<void>;
}
