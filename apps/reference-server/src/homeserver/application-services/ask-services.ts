import { findAccount } from "../accounts/accounts.ts";
import type { Home } from "../home.ts";
import { findAlias } from "../rooms/directory/aliases.ts";
import { shareWork } from "../share-work.ts";
import type { ShareWork } from "../share-work.ts";
import { askService } from "./service-requests.ts";
import { applicationServices } from "./services.ts";

/** Who asks for something; a service that does so itself is not asked back. */
interface Asking {
  readonly applicationService?: string;
}

/**
 * Gives the services whose namespace it is the occasion to create a user whom somebody asks for, before it is looked
 * whether there is such a user. Call it outside of transactions.
 * https://spec.matrix.org/v1.19/application-service-api/#querying
 */
export async function askForUser(home: Home, userId: string, asking?: Asking): Promise<void> {
  await ask(home, "users", userId, asking, async () => (await findAccount(home.db, userId)) !== undefined);
}

/** The same for the alias of a room; what is no alias is nobody's. */
export async function askForAlias(home: Home, alias: string, asking?: Asking): Promise<void> {
  await ask(home, "aliases", alias, asking, async () => (await findAlias(home.db, alias)) !== undefined);
}

async function ask(
  home: Home,
  kind: "users" | "aliases",
  id: string,
  asking: Asking | undefined,
  exists: () => Promise<boolean>,
): Promise<void> {
  const services = applicationServices(home).filter(
    (service) =>
      service.id !== asking?.applicationService && service.registration.url !== null && service[kind].has(id),
  );
  if (services.length === 0 || (await exists())) return;
  const { share, quietUntil } = memoryOf(home);
  const key = `${id} ${asking?.applicationService ?? ""}`;
  await share(key, async () => {
    if ((quietUntil.get(key) ?? 0) > home.clock.now()) return;
    const path = `/${kind === "users" ? "users" : "rooms"}/${encodeURIComponent(id)}`;
    for (const service of services) {
      const answer = await askService(home, service, { method: "GET", path, olderPath: path });
      if (answer?.ok === true) return;
    }
    if (quietUntil.size >= mostRemembered) quietUntil.clear();
    quietUntil.set(key, home.clock.now() + quietMs);
  });
}

/** So long nobody is asked again for what nobody knew. */
const quietMs = 60_000;
const mostRemembered = 10_000;

interface Memory {
  readonly share: ShareWork<void>;
  /** By who or what is asked for, and the service that asks. */
  readonly quietUntil: Map<string, number>;
}

const memories = new WeakMap<Home["config"], Memory>();

/** Of each server by itself: another process may ask once more. */
function memoryOf({ config }: Home): Memory {
  const memory = memories.get(config) ?? { share: shareWork(), quietUntil: new Map() };
  memories.set(config, memory);
  return memory;
}
