import { createMemoryUiaStore, createUserInteractiveAuth } from "@matrix-openapi/server";
import type { UserInteractiveAuth } from "@matrix-openapi/server";
import { createToken } from "../../crypto/tokens.ts";
import type { Platform } from "../../platform.ts";
import { withTransaction } from "../../storage/database.ts";
import { passwordStage } from "./password-stage.ts";

/** User-interactive auth with the stages of this server. */
export function userInteractiveAuth(platform: Platform): UserInteractiveAuth {
  const { idleMs, lifetimeMs, resultKeptMs } = platform.config.userInteractiveAuth;
  return createUserInteractiveAuth({
    store: {
      ...createMemoryUiaStore(),
      transaction: (work) => withTransaction(platform.db, () => work(undefined)),
    },
    stages: { "m.login.password": passwordStage(platform) },
    limits: { idle: idleMs, lifetime: lifetimeMs, resultKept: resultKeptMs },
    clock: platform.clock.now,
    randomId: () => createToken(platform.random, "session"),
  });
}
