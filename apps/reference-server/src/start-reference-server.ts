import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Configuration, ConfigurationInput } from "./configuration/configuration.ts";
import { resolveConfiguration } from "./configuration/load-configuration.ts";
import { createPasswordHasher } from "./crypto/password-hash.ts";
import { createSeededRandom, systemRandom } from "./crypto/random.ts";
import { createHomeserver } from "./homeserver/create-homeserver.ts";
import { createIdentityServer } from "./identity-server/create-identity-server.ts";
import { mediaPlace } from "./homeserver/media/files/media-folder.ts";
import { createInbox } from "./inbox/inbox.ts";
import { listenAll } from "./listen-all.ts";
import { createMailer } from "./mail/mailer.ts";
import { createAddressGuard } from "./outbound/address-guard.ts";
import { configuredOrigins } from "./outbound/configured-origins.ts";
import { createGuardedFetch } from "./outbound/guarded-fetch.ts";
import { createServerUrls } from "./outbound/server-urls.ts";
import type { Platform, ServerApplication } from "./platform.ts";
import { systemClock } from "./process/clock.ts";
import type { Clock } from "./process/clock.ts";
import { createLog } from "./process/log.ts";
import type { Log } from "./process/log.ts";
import { createSmsSender } from "./sms/sms-sender.ts";
import { openDatabase } from "./storage/database.ts";
import { loadSigningKey } from "./storage/signing-key-store.ts";
import { wakeWaiting } from "./storage/stream.ts";
import { createFaultInjection } from "./testing/faults/fault-injection.ts";
import type { FaultControl } from "./testing/faults/fault-injection.ts";
import type { Fixtures, LoadedFixtures } from "./testing/initial-data/fixtures.ts";
import { createRequestGate } from "./testing/snapshots/request-gate.ts";
import { createSnapshots } from "./testing/snapshots/snapshots.ts";
import type { Snapshot } from "./testing/snapshots/snapshots.ts";

/** The configuration, in any part, and what only a test changes. */
export interface ReferenceServerOptions<
  Given extends Fixtures | string = Fixtures | string,
  Time extends Clock = Clock,
> extends ConfigurationInput {
  /** Lifetimes, timers and long polls follow it: `createManualClock()`. */
  readonly clock?: Time;
  /** Users and rooms that are there from the start, or the JSON file that has them. */
  readonly fixtures?: Given;
  /** Makes every token and key repeatable, hence guessable: for tests only. */
  readonly seed?: string;
  readonly log?: Log;
}

/** Running servers. URLs have no slash at the end. */
export interface ReferenceServer<
  Given extends Fixtures | string = string,
  Time extends Clock = Clock,
> extends LoadedFixtures<UserNames<Given>, RoomNames<Given>> {
  readonly homeserver: string;
  readonly identity: string;
  readonly inbox: string;
  readonly clock: Time;
  /** Lets chosen requests fail from now on: `faults.set([{ operation: "sync", status: 502 }])`. */
  readonly faults: FaultControl;
  /** Keeps all that the servers know now, in milliseconds. Not with PostgreSQL. */
  snapshot(): Promise<Snapshot>;
  /** Takes them back to then; requests that wait for news are answered first. */
  restore(snapshot: Snapshot): Promise<void>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What a file has is not known before it is read. */
type UserNames<Given> = Given extends string ? string : Given extends { users?: infer Users } ? Names<Users> : never;
type RoomNames<Given> = Given extends string ? string : Given extends { rooms?: infer Rooms } ? Names<Rooms> : never;
type Names<All> = keyof NonNullable<All> & string;

/** A homeserver, an identity server and an inbox on free loopback ports, in memory unless configured otherwise. */
export async function startReferenceServer<
  const Given extends Fixtures | string = Record<never, never>,
  Time extends Clock = Clock,
>(options: ReferenceServerOptions<Given, Time> = {}): Promise<ReferenceServer<Given, Time>> {
  const { clock: givenClock, seed, log: givenLog, fixtures: givenFixtures, ...input } = options;
  const clock: Clock = givenClock ?? systemClock;
  const fixtures = givenFixtures === undefined ? undefined : await readGivenFixtures(givenFixtures);
  const config = withOwnMediaFolder(withAdministrators(await resolveConfiguration(input), fixtures));
  const log = givenLog ?? createLog({ level: config.logLevel, format: process.stderr.isTTY ? "text" : "json" });
  const random = seed === undefined ? systemRandom : createSeededRandom(seed);

  await using starting = new AsyncDisposableStack(); // closes what was opened when a later step fails
  const db = await openDatabase(config.database, clock);
  starting.defer(() => db.destroy());
  const mediaFolder = mediaPlace(config);
  const isTemporary = config.database === ":memory:" && mediaFolder !== input.media?.path;
  if (isTemporary) starting.defer(() => rm(mediaFolder, { recursive: true, force: true }));
  starting.defer(clock.onJump?.(() => wakeWaiting(db)) ?? (() => {}));

  const inbox = createInbox(clock);
  starting.defer(() => inbox.close());
  const mail = createMailer({ smtpUrl: () => config.mail.smtpUrl ?? inbox.smtpUrl(), from: config.mail.from, log });
  starting.defer(() => mail.close());
  const gate = createRequestGate();
  const snapshots = createSnapshots({ db, mediaFolder, inbox, gate });
  starting.defer(() => snapshots.close());
  const faults = createFaultInjection({
    faults: config.faults,
    clock,
    random: seed === undefined ? systemRandom : createSeededRandom(`${seed} faults`),
  });
  const servers = await listenAll(config, inbox.application, log, starting);
  starting.defer(() => gate.close());

  const homeserverUrl = config.baseUrls.homeserver ?? servers.homeserver.url;
  const identityUrl = config.baseUrls.identity ?? servers.identity.url;
  const smsUrl = config.sms.webhookUrl ?? `${servers.inbox.url}/api/sms`;
  const fetch = createGuardedFetch({
    ...config.outbound,
    guard: createAddressGuard(config.outbound.allowPrivateAddresses),
    allowedOrigins: configuredOrigins(config, [
      homeserverUrl,
      identityUrl,
      servers.homeserver.url,
      servers.identity.url,
      smsUrl,
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
  const home: Platform = {
    ...platform,
    signingKey: await loadSigningKey(db, { table: "hs_signing_keys", clock, random }),
    log: log.child({ server: "homeserver" }),
  };
  const homeserver = await createHomeserver(home);
  servers.homeserver.serve(faults.before("homeserver", gate.through(homeserver)));
  const identity = await createIdentityServer({
    ...platform,
    signingKey: await loadSigningKey(db, { table: "is_signing_keys", clock, random }),
    log: log.child({ server: "identity" }),
  });
  servers.identity.serve(faults.before("identity", gate.through(identity)));
  const loaded = fixtures === undefined ? noFixtures : await loadGivenFixtures(home, homeserver, fixtures);

  const running = starting.move();
  const close = () => running.disposeAsync();
  return {
    homeserver: servers.homeserver.url,
    identity: servers.identity.url,
    inbox: servers.inbox.url,
    clock: clock as Time, // Clock where none is given
    ...(loaded as LoadedFixtures<UserNames<Given>, RoomNames<Given>>), // by the names in what was given
    faults: { set: faults.set, clear: faults.clear },
    snapshot: snapshots.snapshot,
    restore: snapshots.restore,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What a database in memory belongs to is not kept either. */
function withOwnMediaFolder(config: Configuration): Configuration {
  if (config.database !== ":memory:" || config.media.path !== null) return config;
  return { ...config, media: { ...config.media, path: join(tmpdir(), `matrix-media-${randomUUID()}`) } };
}

function withAdministrators(config: Configuration, { users = {} }: Fixtures = {}): Configuration {
  const added = Object.keys(users).filter((name) => users[name]?.admin === true);
  return {
    ...config,
    administrators: [...config.administrators, ...added.map((name) => `@${name}:${config.serverName}`)],
  };
}

const noFixtures: LoadedFixtures = { users: {}, rooms: {} };

async function readGivenFixtures(given: string | Fixtures): Promise<Fixtures> {
  const { readFixtures } = await import("./testing/initial-data/read-fixtures.ts"); // Ajv, for those only who use it
  return readFixtures(given);
}

async function loadGivenFixtures(
  home: Platform,
  homeserver: ServerApplication,
  fixtures: Fixtures,
): Promise<LoadedFixtures> {
  const { loadFixtures } = await import("./testing/initial-data/load-fixtures.ts"); // for those only who use it
  return loadFixtures(home, homeserver, fixtures);
}
