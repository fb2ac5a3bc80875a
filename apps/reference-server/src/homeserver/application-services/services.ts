import type {
  ApplicationServiceNamespace,
  ApplicationServiceRegistration,
} from "../../configuration/application-service-registration.ts";
import { equalSecrets } from "../../crypto/tokens.ts";
import { serverNameOf } from "../../identifiers.ts";
import type { Platform } from "../../platform.ts";
import { userIdOf } from "../accounts/user-id.ts";

/** A registered application service: https://spec.matrix.org/v1.19/application-service-api/#registration */
export interface ApplicationService {
  readonly id: string;
  readonly registration: ApplicationServiceRegistration;
  /** Its own user. */
  readonly senderId: string;
  readonly users: Namespace;
  readonly aliases: Namespace;
  readonly rooms: Namespace;
}

interface Namespace {
  has(id: string): boolean;
  /** Whether nobody else may create it. */
  reserves(id: string): boolean;
}

type Configured = Pick<Platform, "config">;

const compiled = new WeakMap<readonly ApplicationServiceRegistration[], readonly ApplicationService[]>();

/** All of them, in the order of the configuration. */
export function applicationServices({ config }: Configured): readonly ApplicationService[] {
  const { applicationServices: registrations } = config;
  const services = compiled.get(registrations) ?? registrations.map((one) => toService(config, one));
  compiled.set(registrations, services);
  return services;
}

/** The service whose `as_token` it is. */
export function serviceByToken(platform: Configured, token: string): ApplicationService | undefined {
  return applicationServices(platform).find(({ registration }) => equalSecrets(registration.as_token, token));
}

export function serviceById(platform: Configured, id: string | undefined): ApplicationService | undefined {
  return applicationServices(platform).find((service) => service.id === id);
}

/**
 * Whether a user ID or an alias is reserved for an application service other than the one that asks.
 * https://spec.matrix.org/v1.19/application-service-api/#server-admin-style-permissions
 */
export function isReserved(
  platform: Configured,
  kind: "users" | "aliases",
  id: string,
  asking?: ApplicationService,
): boolean {
  return applicationServices(platform).some((service) => service !== asking && service[kind].reserves(id));
}

/**
 * Whether somebody may not create an alias, because it is for others or out of the namespace of the service that asks.
 * https://spec.matrix.org/v1.19/application-service-api/#server-admin-style-permissions
 */
export function isAliasOfOthers(
  platform: Configured,
  alias: string,
  { id, applicationService }: { readonly id: string; readonly applicationService?: string },
): boolean {
  const service = applicationServices(platform).find(({ users }) => users.has(id));
  const isOutside = applicationService !== undefined && service?.aliases.has(alias) !== true;
  return isOutside || isReserved(platform, "aliases", alias, service);
}

function toService(config: Platform["config"], registration: ApplicationServiceRegistration): ApplicationService {
  const { users = [], aliases = [], rooms = [] } = registration.namespaces;
  const senderId = userIdOf({ config }, registration.sender_localpart);
  // Users of other servers are none of a service's business, whatever its expressions say.
  const isLocal = (id: string) => serverNameOf(id) === config.serverName;
  const named = toNamespace(users);
  return {
    id: registration.id,
    registration,
    senderId,
    users: {
      has: (id) => id === senderId || (isLocal(id) && named.has(id)),
      reserves: (id) => id === senderId || (isLocal(id) && named.reserves(id)),
    },
    aliases: toNamespace(aliases),
    rooms: toNamespace(rooms),
  };
}

function toNamespace(ranges: readonly ApplicationServiceNamespace[]): Namespace {
  const expressions = ranges.map(({ regex, exclusive }) => ({ expression: new RegExp(`^(?:${regex})$`), exclusive }));
  return {
    has: (id) => expressions.some(({ expression }) => expression.test(id)),
    reserves: (id) => expressions.some(({ expression, exclusive }) => exclusive && expression.test(id)),
  };
}
