import type { PasswordHashingProfile } from "../crypto/password-hash.ts";
import type { LogLevel } from "../process/log.ts";

/** Everything that can be configured, complete; `config.schema.json` describes each field for people and editors. */
export interface Configuration {
  readonly serverName: string;
  readonly host: string;
  readonly port: number;
  readonly identityPort: number;
  readonly inboxPort: number;
  readonly database: string;
  readonly logLevel: LogLevel;
  readonly baseUrls: BaseUrls;
  readonly wellKnown: WellKnown;
  readonly registration: Registration;
  readonly terms: TermsPolicies;
  readonly recaptcha: Recaptcha;
  readonly passwordPolicy: PasswordPolicy;
  readonly passwordHashing: PasswordHashingProfile;
  readonly tokens: TokenLifetimes;
  readonly userInteractiveAuth: UserInteractiveAuthLimits;
  readonly validation: ValidationLimits;
  readonly rateLimits: RateLimits;
  readonly mail: MailConfiguration;
  readonly sms: SmsConfiguration;
  readonly identity: IdentityConfiguration;
  readonly outbound: OutboundConfiguration;
}

/** What a file or a caller gives: any part of it, the rest is filled from `defaultConfiguration`. */
export type ConfigurationInput = DeepPartial<Configuration>;

/** Public URLs without a slash at the end; null is the address that the server listens on. */
interface BaseUrls {
  readonly homeserver: string | null;
  readonly identity: string | null;
}

/** What `/.well-known/matrix/client` says; null is the base URL of our own server. */
interface WellKnown {
  readonly homeserver: string | null;
  readonly identityServer: string | null;
}

type RegistrationStage =
  | "m.login.dummy"
  | "m.login.registration_token"
  | "m.login.terms"
  | "m.login.email.identity"
  | "m.login.msisdn"
  | "m.login.recaptcha";

export interface Registration {
  readonly enabled: boolean;
  readonly guests: boolean;
  /** The offered flows, each a list of stages in order. */
  readonly flows: readonly (readonly RegistrationStage[])[];
  readonly tokens: readonly ConfiguredRegistrationToken[];
}

export interface ConfiguredRegistrationToken {
  readonly token: string;
  /** Absent: unlimited. */
  readonly usesAllowed?: number;
  /** Milliseconds since the epoch; absent: never. */
  readonly expiresAt?: number;
}

/** Policies by ID, each with its version and its documents by language: the form in which clients get them. */
export type TermsPolicies = { readonly [policy: string]: TermsPolicy };

export type TermsPolicy = { readonly version: string } & { readonly [language: string]: TermsDocument | string };

export interface TermsDocument {
  readonly name: string;
  readonly url: string;
}

interface Recaptcha {
  /** Null where no flow has `m.login.recaptcha`. */
  readonly siteKey: string | null;
  readonly secret: string | null;
  readonly verifyUrl: string;
  readonly scriptUrl: string;
}

export interface PasswordPolicy {
  readonly minimumLength: number;
  readonly requireDigit: boolean;
  readonly requireLowercase: boolean;
  readonly requireUppercase: boolean;
  readonly requireSymbol: boolean;
}

interface TokenLifetimes {
  /** Of access tokens that come with a refresh token; others live until logout. */
  readonly accessTokenLifetimeMs: number;
  /** Since a refresh token was issued; null: until it is used. */
  readonly refreshTokenLifetimeMs: number | null;
  readonly loginTokenLifetimeMs: number;
  readonly openIdTokenLifetimeMs: number;
}

interface UserInteractiveAuthLimits {
  readonly idleMs: number;
  readonly lifetimeMs: number;
  readonly resultKeptMs: number;
}

/** Of requestToken sessions, on both servers. */
export interface ValidationLimits {
  /** Since the session's last change. */
  readonly sessionLifetimeMs: number;
  /** Wrong codes until the session is over. */
  readonly maximumAttempts: number;
}

export interface RateLimit {
  readonly requests: number;
  readonly perMs: number;
}

/** `false` switches one off. */
interface RateLimits {
  /** Failed logins per account, together with failed password stages of user-interactive auth. */
  readonly login: RateLimit | false;
  /** Registrations per remote address. */
  readonly registration: RateLimit | false;
  /** Failed stages of user-interactive auth per remote address. */
  readonly userInteractiveAuth: RateLimit | false;
  /** Mails and messages per third-party address, on each of the two servers. */
  readonly requestToken: RateLimit | false;
}

interface MailConfiguration {
  /** `smtp://user:password@host:587` or `smtps://…`; null is the built-in inbox. */
  readonly smtpUrl: string | null;
  readonly from: string;
}

interface SmsConfiguration {
  /** Gets `{"to", "text"}` by POST; null is the built-in inbox. */
  readonly webhookUrl: string | null;
  readonly headers: { readonly [name: string]: string };
}

interface IdentityConfiguration {
  /** Whom clients may name as `id_server`: host or host:port. Our own is always trusted; null trusts any. */
  readonly trustedServers: readonly string[] | null;
  readonly terms: TermsPolicies;
  readonly pepperRotationMs: number;
  readonly associationLifetimeMs: number;
}

interface OutboundConfiguration {
  /** `true`, or hosts and networks in CIDR form, which requests may reach although they are private. */
  readonly allowPrivateAddresses: boolean | readonly string[];
  /** Where a server name is reached other than at `https://<name>`: name → base URL. */
  readonly serverUrls: { readonly [serverName: string]: string };
  readonly timeoutMs: number;
  readonly maximumResponseBytes: number;
}

type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> }
    : T;
