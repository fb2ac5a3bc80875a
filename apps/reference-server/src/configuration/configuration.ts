import type { PasswordHashingProfile } from "../crypto/password-hash.ts";
import type { LogLevel } from "../process/log.ts";
import type { Fault } from "../testing/faults/fault.ts";
import type { ApplicationServiceRegistration } from "./application-service-registration.ts";
import type { TermsPolicies } from "./terms-policies.ts";

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
  /** User IDs of those who run the server. */
  readonly administrators: readonly string[];
  readonly support: Support;
  readonly turn: Turn;
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
  readonly media: MediaConfiguration;
  readonly outbound: OutboundConfiguration;
  readonly applicationServices: readonly ApplicationServiceRegistration[];
  readonly sso: SingleSignOn;
  readonly oauth: OAuth;
  readonly faults: readonly Fault[];
}

/** What a file or a caller gives: any part of it, the rest is filled from `defaultConfiguration`. */
export interface ConfigurationInput extends DeepPartial<Omit<Configuration, "applicationServices" | "rateLimits">> {
  /** `false` switches all off. */
  readonly rateLimits?: DeepPartial<RateLimits> | false;
  /** Registrations, or the paths of their files. */
  readonly applicationServices?: readonly (string | ApplicationServiceRegistration)[];
}

interface SingleSignOn {
  readonly providers: readonly SingleSignOnProvider[];
  /** What begins with one of these is gone on to without asking the user. */
  readonly trustedRedirectUrls: readonly string[];
}

/** A server of OAuth 2.0 that tells who somebody is, as those of OpenID Connect do. */
export interface SingleSignOnProvider {
  readonly id: string;
  readonly name: string;
  readonly brand?: string;
  readonly icon?: string;
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  readonly userInfoUrl: string;
  /** Where it tells of access tokens (RFC 7662), which then are as good as our own; absent: they are not. */
  readonly introspectionUrl?: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  /** `openid profile` unless given. */
  readonly scopes?: readonly string[];
}

interface OAuth {
  /** Of the server that issues access tokens (RFC 8414); null: there is none but this one. */
  readonly metadataUrl: string | null;
}

/** Public URLs without a slash at the end; null is the address that the server listens on. */
interface BaseUrls {
  readonly homeserver: string | null;
  readonly identity: string | null;
}

/** What `/.well-known/matrix/client` says; null is the base URL of our own server. */
interface WellKnown {
  readonly homeserver: string | null;
  readonly identityServer: string | null;
  /** What `/.well-known/matrix/policy_server` says; with null it answers 404. */
  readonly policyServerKey: string | null;
}

/** What `/.well-known/matrix/support` says; with neither it answers 404. */
interface Support {
  readonly contacts: readonly SupportContact[];
  readonly supportPage: string | null;
}

interface SupportContact {
  readonly role: string;
  readonly matrixId?: string;
  readonly emailAddress?: string;
}

/** The TURN server that clients are sent to: https://spec.matrix.org/v1.19/client-server-api/#server-behaviour-1 */
export interface Turn {
  /** None: there is no TURN server. */
  readonly uris: readonly string[];
  /** Shared with the TURN server, which takes credentials made with it until they expire. */
  readonly sharedSecret: string | null;
  readonly lifetimeMs: number;
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
export interface RateLimits {
  /** Failed logins per account, together with failed password stages of user-interactive auth. */
  readonly login: RateLimit | false;
  /** Registrations per remote address. */
  readonly registration: RateLimit | false;
  /** Failed stages of user-interactive auth per remote address. */
  readonly userInteractiveAuth: RateLimit | false;
  /** Mails and messages per third-party address, on each of the two servers. */
  readonly requestToken: RateLimit | false;
  /**
   * Requests of each operation per user, or per remote address where there is no token: by operationId, and `*` for all
   * others that the description marks as rate limited.
   */
  readonly operations: { readonly [operationId: string]: RateLimit | false };
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

export interface MediaConfiguration {
  /** The folder of the files; null is one beside the database's file, or for a database in memory a temporary one. */
  readonly path: string | null;
  readonly maximumUploadBytes: number;
  /** Of all files of one user; null: any. */
  readonly maximumBytesPerUser: number | null;
  /** How many content URIs without a file one user may have. */
  readonly maximumPendingUploads: number;
  readonly pendingUploadLifetimeMs: number;
  /** What was uploaded before is sent to anybody by the deprecated operations, without a token; null: everything. */
  readonly freezeAt: number | null;
  /** Thumbnails of larger images are refused: width × height, in an image that moves × its frames. */
  readonly maximumPixels: number;
  readonly urlPreviews: UrlPreviewConfiguration;
}

interface UrlPreviewConfiguration {
  /** Of a page and of its image. */
  readonly maximumBytes: number;
  readonly cacheLifetimeMs: number;
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
