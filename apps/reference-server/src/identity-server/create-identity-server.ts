import { operations } from "@matrix-openapi/definitions/identity/operations";
import { createIdentityApi } from "@matrix-openapi/server";
import type { IdentityHandlers } from "@matrix-openapi/server";
import type { Platform, ServerApplication } from "../platform.ts";
import { repeatPeriodically } from "../process/periodically.ts";
import { pruneRateLimits } from "../storage/rate-limit.ts";
import { answerCutOffLinks } from "../validation-sessions/cut-off-links.ts";
import { submitTokenHandlers } from "../validation-sessions/submit-token-handlers.ts";
import { validationSessionsOf } from "../validation-sessions/validation-sessions.ts";
import { accountHandlers } from "./accounts/handlers.ts";
import { authenticate } from "./accounts/authenticate.ts";
import { bind } from "./associations/bind.ts";
import { unbind } from "./associations/unbind.ts";
import { validatedThreepid } from "./associations/validated-threepid.ts";
import type { Identity, IdentityUser } from "./identity.ts";
import { createInviteDelivery } from "./invitations/invite-delivery.ts";
import { signInvitation } from "./invitations/sign-invitation.ts";
import { storeInvite } from "./invitations/store-invite.ts";
import { keyHandlers } from "./keys/handlers.ts";
import { lookupHandlers } from "./lookup/handlers.ts";
import { statusHandlers } from "./status/handlers.ts";
import { termsHandlers } from "./terms/handlers.ts";
import { mendSendAttempt } from "./validation/mend-send-attempt.ts";
import { requestTokenHandlers } from "./validation/handlers.ts";

/** The identity server: https://spec.matrix.org/v1.19/identity-service-api/ */
export async function createIdentityServer(platform: Platform): Promise<ServerApplication> {
  const identity = createIdentity(platform);
  const api = createIdentityApi(
    {
      ...statusHandlers,
      ...accountHandlers(identity),
      ...termsHandlers(identity),
      ...keyHandlers(identity),
      ...lookupHandlers(identity),
      ...requestTokenHandlers(identity),
      ...submitTokenHandlers(identity.sessions),
      getValidated3pid: validatedThreepid(identity),
      bind: bind(identity),
      unbind: unbind(identity),
      storeInvite: storeInvite(identity),
      blindlySignStuff: signInvitation(identity),
    } satisfies IdentityHandlers<IdentityUser>,
    {
      authenticate: authenticate(identity),
      mendBody: mendSendAttempt,
      validateResponses: process.env["NODE_ENV"] !== "production",
      onError: (error, { operationId }) => platform.log.error("a request failed", { operationId, error }),
    },
  );
  const chores = repeatPeriodically(platform.clock, platform.log, async () => {
    await identity.sessions.prune();
    await pruneRateLimits(platform.db, platform.clock, "is_rate_limits");
    identity.delivery.start(); // of what a process that is gone would have tried again
  });
  identity.delivery.start(); // of what an earlier run could not deliver
  return {
    ...answerCutOffLinks(api, linkPaths),
    async close() {
      await chores.stop();
      await identity.delivery.close();
    },
  };
}

/** Where people may come by a link, and have to get pages. */
const linkPaths = [operations.emailSubmitTokenGet.path, operations.msisdnSubmitTokenGet.path];

function createIdentity(platform: Platform): Identity {
  const serverName = new URL(platform.urls.identity).host;
  return {
    ...platform,
    serverName,
    sessions: validationSessionsOf(platform, "is"),
    delivery: createInviteDelivery({ ...platform, serverName }),
  };
}
