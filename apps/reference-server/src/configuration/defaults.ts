import type { Configuration } from "./configuration.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A server that any client can register on, and that reaches nothing outside of this machine by itself. */
export const defaultConfiguration: Configuration = {
  serverName: "localhost",
  host: "127.0.0.1",
  port: 0,
  identityPort: 0,
  inboxPort: 0,
  database: ":memory:",
  logLevel: "warn",
  baseUrls: { homeserver: null, identity: null },
  wellKnown: { homeserver: null, identityServer: null, policyServerKey: null },
  administrators: [],
  support: { contacts: [], supportPage: null },
  turn: { uris: [], sharedSecret: null, lifetimeMs: day },
  registration: { enabled: true, guests: true, flows: [["m.login.dummy"]], tokens: [] },
  terms: {},
  recaptcha: {
    siteKey: null,
    secret: null,
    verifyUrl: "https://www.google.com/recaptcha/api/siteverify",
    scriptUrl: "https://www.google.com/recaptcha/api.js",
  },
  passwordPolicy: {
    minimumLength: 8,
    requireDigit: false,
    requireLowercase: false,
    requireUppercase: false,
    requireSymbol: false,
  },
  passwordHashing: "production",
  tokens: {
    accessTokenLifetimeMs: 5 * minute,
    refreshTokenLifetimeMs: null,
    loginTokenLifetimeMs: 2 * minute,
    openIdTokenLifetimeMs: hour,
  },
  userInteractiveAuth: { idleMs: 30 * minute, lifetimeMs: 48 * hour, resultKeptMs: 10 * minute },
  validation: { sessionLifetimeMs: day, maximumAttempts: 10 },
  rateLimits: {
    login: { requests: 20, perMs: minute },
    registration: { requests: 300, perMs: minute },
    userInteractiveAuth: { requests: 300, perMs: minute },
    requestToken: { requests: 30, perMs: minute },
    operations: {},
  },
  mail: { smtpUrl: null, from: "Matrix <no-reply@localhost>" },
  sms: { webhookUrl: null, headers: {} },
  identity: { trustedServers: [], terms: {}, pepperRotationMs: day, associationLifetimeMs: 100 * 365 * day },
  media: {
    path: null,
    maximumUploadBytes: 50 * 1024 * 1024,
    maximumBytesPerUser: null,
    maximumPendingUploads: 100,
    pendingUploadLifetimeMs: day,
    freezeAt: 0,
    maximumPixels: 100_000_000,
    urlPreviews: { maximumBytes: 10 * 1024 * 1024, cacheLifetimeMs: day },
  },
  applicationServices: [],
  sso: { providers: [], trustedRedirectUrls: [] },
  oauth: { metadataUrl: null },
  faults: [],
  outbound: { allowPrivateAddresses: false, serverUrls: {}, timeoutMs: 10 * second, maximumResponseBytes: 1024 * 1024 },
};
