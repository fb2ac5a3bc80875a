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
