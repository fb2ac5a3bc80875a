import { createUserInteractiveAuth } from "@matrix-openapi/server";
import type { UserInteractiveAuth } from "@matrix-openapi/server";
import { createToken } from "../../crypto/tokens.ts";
import type { Platform } from "../../platform.ts";
import { createUiaStore } from "./session-store.ts";
import { uiaStages } from "./stages.ts";

/** User-interactive auth of the homeserver: sessions in the database, our own stages, lifetimes by our clock. */
export function userInteractiveAuth(platform: Platform): UserInteractiveAuth {
  const { idleMs, lifetimeMs, resultKeptMs } = platform.config.userInteractiveAuth;
  return createUserInteractiveAuth({
    store: createUiaStore(platform),
    stages: uiaStages(platform),
    limits: { idle: idleMs, lifetime: lifetimeMs, resultKept: resultKeptMs },
    clock: () => platform.clock.now(),
    randomId: () => createToken(platform.random, "session"),
  });
}

/** Forgets sessions that are over, also while nobody opens new ones; run now and then. */
export async function pruneUiaSessions({
  db,
  clock,
  config,
  random,
}: Pick<Platform, "db" | "clock" | "config" | "random">): Promise<void> {
  const { idleMs, lifetimeMs, resultKeptMs } = config.userInteractiveAuth;
  const now = clock.now();
  await createUiaStore({ db, random }).prune({
    usedBefore: now - idleMs,
    createdBefore: now - lifetimeMs,
    doneBefore: now - resultKeptMs,
  });
}
