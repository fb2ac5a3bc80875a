import type { Configuration, ConfigurationInput } from "./configuration/configuration.ts";
import { resolveConfiguration } from "./configuration/load-configuration.ts";
import { createPasswordHasher } from "./crypto/password-hash.ts";
import { createSeededRandom, systemRandom } from "./crypto/random.ts";
import { createHomeserver } from "./homeserver/create-homeserver.ts";
import { createIdentityServer } from "./identity-server/create-identity-server.ts";
import { createInbox } from "./inbox/inbox.ts";
import { createMailer } from "./mail/mailer.ts";
import { createAddressGuard } from "./outbound/address-guard.ts";
import { createGuardedFetch } from "./outbound/guarded-fetch.ts";
import { createServerUrls } from "./outbound/server-urls.ts";
import type { Platform, ServerApplication } from "./platform.ts";
import { systemClock } from "./process/clock.ts";
import type { Clock } from "./process/clock.ts";
import { listen } from "./process/listen.ts";
import { createLog } from "./process/log.ts";
import type { Log } from "./process/log.ts";
import { createNodeListener } from "./process/node-listener.ts";
import { createSmsSender } from "./sms/sms-sender.ts";
import { openDatabase } from "./storage/database.ts";
import { loadSigningKey } from "./storage/signing-key-store.ts";

/** The configuration, in any part, and what only a test changes. */
export interface ReferenceServerOptions extends ConfigurationInput {
  /** Lifetimes follow it: `createManualClock()`. */
  readonly clock?: Clock;
  /** Makes every token and key repeatable, hence guessable: for tests only. */
  readonly seed?: string;
  readonly log?: Log;
}

/** Running servers. URLs have no slash at the end. */
export interface ReferenceServer {
  readonly homeserver: string;
  readonly identity: string;
  readonly inbox: string;
  readonly clock: Clock;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A homeserver, an identity server and an inbox on free loopback ports, in memory unless configured otherwise. */
export async function startReferenceServer(options: ReferenceServerOptions = {}): Promise<ReferenceServer> {
  const { clock = systemClock, seed, log: givenLog, ...input } = options;
  const config = await resolveConfiguration(input);
  const log = givenLog ?? createLog({ level: config.logLevel, format: process.stderr.isTTY ? "text" : "json" });
  const random = seed === undefined ? systemRandom : createSeededRandom(seed);

  await using starting = new AsyncDisposableStack(); // closes what was opened when a later step fails
  const db = await openDatabase(config.database, clock);
  starting.defer(() => db.destroy());

  const inbox = createInbox(clock);
  starting.defer(() => inbox.close());
  const mail = createMailer({ smtpUrl: () => config.mail.smtpUrl ?? inbox.smtpUrl(), from: config.mail.from, log });
  starting.defer(() => mail.close());
  const servers = await listenAll(config, inbox.application, log, starting);

  const homeserverUrl = config.baseUrls.homeserver ?? servers.homeserver.url;
  const identityUrl = config.baseUrls.identity ?? servers.identity.url;
  const smsUrl = config.sms.webhookUrl ?? `${servers.inbox.url}/api/sms`;
  const fetch = createGuardedFetch({
    ...config.outbound,
    guard: createAddressGuard(config.outbound.allowPrivateAddresses),
    allowedOrigins: originsOf([
      homeserverUrl,
      identityUrl,
      servers.homeserver.url,
      servers.identity.url,
      smsUrl,
      config.recaptcha.verifyUrl,
      ...Object.values(config.outbound.serverUrls),
    ]),
  });
  const platform: Omit<Platform, "signingKey"> = {
    config,
    db,
    clock,
    random,
    passwords: createPasswordHasher(config.passwordHashing, random),
    mail,
    sms: createSmsSender({ webhookUrl: smsUrl, headers: config.sms.headers, fetch, log }),
    fetch,
    urls: createServerUrls({
      serverName: config.serverName,
      homeserver: homeserverUrl,
      identity: identityUrl,
      identityListens: servers.identity.url,
      configured: config.outbound.serverUrls,
      fetch,
    }),
    log,
  };
  await servers.homeserver.serve(async () =>
    createHomeserver({
      ...platform,
      signingKey: await loadSigningKey(db, { table: "hs_signing_keys", clock, random }),
      log: log.child({ server: "homeserver" }),
    }),
  );
  await servers.identity.serve(async () =>
    createIdentityServer({
      ...platform,
      signingKey: await loadSigningKey(db, { table: "is_signing_keys", clock, random }),
      log: log.child({ server: "identity" }),
    }),
  );

  const running = starting.move();
  const close = () => running.disposeAsync();
  return {
    homeserver: servers.homeserver.url,
    identity: servers.identity.url,
    inbox: servers.inbox.url,
    clock,
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface LateServer {
  readonly url: string;
  serve(create: () => Promise<ServerApplication>): Promise<void>;
}

/** The servers have to listen before they can be told where they are; requests wait that long. */
async function listenAll(config: Configuration, inbox: ServerApplication, log: Log, stack: AsyncDisposableStack) {
  const late = async (name: string, host: string, port: number, portOption: string): Promise<LateServer> => {
    const { promise, resolve } = Promise.withResolvers<ServerApplication>();
    const server = await listen({ name, host, port, portOption, listener: createNodeListener(promise, log) });
    let created: ServerApplication | undefined;
    stack.defer(async () => {
      await server.close(); // its last requests still need the application
      await created?.close?.();
    });
    return {
      url: server.url,
      async serve(create) {
        created = await create();
        resolve(created);
      },
    };
  };
  const servers = {
    homeserver: await late("homeserver", config.host, config.port, "--port"),
    identity: await late("identity server", config.host, config.identityPort, "--identity-port"),
    inbox: await late("inbox", "127.0.0.1", config.inboxPort, "--inbox-port"),
  };
  await servers.inbox.serve(async () => inbox);
  return servers;
}

function originsOf(urls: readonly string[]): ReadonlySet<string> {
  return new Set(urls.map((url) => new URL(url).origin));
}
