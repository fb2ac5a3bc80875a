import { createClientServerApi } from "@matrix-openapi/server";
import type { ClientServerHandlers } from "@matrix-openapi/server";
import type { Platform, ServerApplication } from "../platform.ts";
import { repeatPeriodically } from "../process/periodically.ts";
import { followStream } from "../storage/follow-stream.ts";
import { accountHandlers } from "./account-management/handlers.ts";
import { administrationHandlers } from "./administration/handlers.ts";
import { applicationServiceHandlers } from "./application-services/handlers.ts";
import { pushTransactions } from "./application-services/push-transactions.ts";
import { doChores } from "./chores.ts";
import { deviceHandlers } from "./devices/handlers.ts";
import { discoveryHandlers } from "./discovery/handlers.ts";
import { encryptionHandlers } from "./encryption/handlers.ts";
import { withExtraRoutes } from "./extra-routes.ts";
import { openIdUserinfo } from "./federation/openid-userinfo.ts";
import { serverKeys } from "./federation/server-keys.ts";
import type { Home, SessionOwner } from "./home.ts";
import { cleanUpMedia } from "./media/clean-up.ts";
import { mediaHandlers } from "./media/handlers.ts";
import { createMedia } from "./media/media.ts";
import { openIdHandlers } from "./openid/handlers.ts";
import { presenceHandlers } from "./presence/handlers.ts";
import { sweepPresence } from "./presence/sweep-presence.ts";
import { pushHandlers } from "./push/handlers.ts";
import { createPushWorker } from "./push/push-worker.ts";
import { withRateLimits } from "./rate-limits.ts";
import { registrationHandlers } from "./registration/handlers.ts";
import { authenticator } from "./sessions/authenticate.ts";
import { roomHandlers } from "./rooms/handlers.ts";
import { onbindRoute } from "./rooms/membership/onbind-route.ts";
import { receiptHandlers } from "./receipts/handlers.ts";
import { indexInBackground } from "./search/index-in-background.ts";
import { searchHandlers } from "./search/search.ts";
import { sessionHandlers } from "./sessions/handlers.ts";
import { syncHandlers } from "./sync/handlers.ts";
import { threepidHandlers } from "./threepids/handlers.ts";
import { submitRoute } from "./threepids/submit-route.ts";
import { timelineHandlers } from "./timeline/handlers.ts";
import { fallbackRoute } from "./user-interactive-auth/fallback/fallback-route.ts";
import { singleSignOnHandlers } from "./single-sign-on/handlers.ts";
import { ssoRoutes } from "./single-sign-on/routes.ts";
import { thirdPartyNetworkHandlers } from "./third-party-networks/handlers.ts";
import { voipHandlers } from "./voip/handlers.ts";
import { userDataHandlers } from "./user-data/handlers.ts";
import { userInteractiveAuth } from "./user-interactive-auth/user-interactive-auth.ts";

/** All but the pages of the fallback, which have forms, too. */
type AllHandlers = Omit<ClientServerHandlers<SessionOwner>, "getAuthFallback">;

/** The homeserver: each area's handlers, behind the description of the Client-Server API. */
export async function createHomeserver(platform: Platform): Promise<ServerApplication> {
  const { log } = platform;
  const home: Home = { ...platform, uia: userInteractiveAuth(platform) };
  const media = createMedia(platform);

  const api = createClientServerApi<SessionOwner>(
    withRateLimits(home, {
      ...discoveryHandlers(home),
      ...registrationHandlers(home),
      ...sessionHandlers(home),
      ...accountHandlers(home),
      ...deviceHandlers(home),
      ...openIdHandlers(home),
      ...threepidHandlers(home),
      ...encryptionHandlers(home),
      ...mediaHandlers(home, media),
      ...roomHandlers(home),
      ...timelineHandlers(home),
      ...receiptHandlers(home),
      ...userDataHandlers(home),
      ...presenceHandlers(home),
      ...pushHandlers(home),
      ...syncHandlers(home),
      ...searchHandlers(home),
      ...administrationHandlers(home),
      ...applicationServiceHandlers(home),
      ...thirdPartyNetworkHandlers(home),
      ...singleSignOnHandlers(home),
      ...voipHandlers(home),
    } satisfies AllHandlers),
    {
      authenticate: authenticator(home),
      uia: home.uia,
      maxUploadBytes: platform.config.media.maximumUploadBytes,
      validateResponses: process.env["NODE_ENV"] !== "production",
      onError: (error, { operationId }) => log.error("a request failed", { operationId, error }),
    },
  );
  const pushing = await pushTransactions(home);
  const routes = [
    openIdUserinfo(home),
    serverKeys(home),
    onbindRoute(home),
    submitRoute(home),
    fallbackRoute(home),
    ...ssoRoutes(home),
  ];
  const chores = repeatPeriodically(platform.clock, log, async () => {
    await doChores(home);
    await cleanUpMedia(home, media);
  });
  const pushes = createPushWorker(home);
  const background = followStream(home.db, log, async (signal) => {
    await sweepPresence(home);
    await pushes.deliverDue(signal);
  });
  const indexing = indexInBackground(home);
  return {
    ...withExtraRoutes(api, routes, {
      onError: (error, { path }) => log.error("a request failed", { path: String(path), error }),
    }),
    async close() {
      await pushing.stop();
      await chores.stop();
      await background.stop();
      await indexing.stop();
      await pushes.settled();
      await media.close();
    },
  };
}
