import { createClientServerApi } from "@matrix-openapi/server";
import type { Platform, ServerApplication } from "../platform.ts";
import { repeatPeriodically } from "../process/periodically.ts";
import { accountHandlers } from "./account-management/handlers.ts";
import { doChores } from "./chores.ts";
import { deviceHandlers } from "./devices/handlers.ts";
import { discoveryHandlers } from "./discovery/handlers.ts";
import { withExtraRoutes } from "./extra-routes.ts";
import { openIdUserinfo } from "./federation/openid-userinfo.ts";
import { serverKeys } from "./federation/server-keys.ts";
import type { Home, SessionOwner } from "./home.ts";
import { openIdHandlers } from "./openid/handlers.ts";
import { registrationHandlers } from "./registration/handlers.ts";
import { authenticator } from "./sessions/authenticate.ts";
import { sessionHandlers } from "./sessions/handlers.ts";
import { threepidHandlers } from "./threepids/handlers.ts";
import { submitRoute } from "./threepids/submit-route.ts";
import { fallbackRoute } from "./user-interactive-auth/fallback/fallback-route.ts";
import { userInteractiveAuth } from "./user-interactive-auth/user-interactive-auth.ts";

/** The homeserver: each area's handlers, behind the description of the Client-Server API. */
export async function createHomeserver(platform: Platform): Promise<ServerApplication> {
  const { log } = platform;
  const home: Home = { ...platform, uia: userInteractiveAuth(platform) };

  const api = createClientServerApi<SessionOwner>(
    {
      ...discoveryHandlers(home),
      ...registrationHandlers(home),
      ...sessionHandlers(home),
      ...accountHandlers(home),
      ...deviceHandlers(home),
      ...openIdHandlers(home),
      ...threepidHandlers(home),
    },
    {
      authenticate: authenticator(home),
      uia: home.uia,
      validateResponses: process.env["NODE_ENV"] !== "production",
      onError: (error, { operationId }) => log.error("a request failed", { operationId, error }),
    },
  );
  const routes = [openIdUserinfo(home), serverKeys(home), submitRoute(home), fallbackRoute(home)];
  const chores = repeatPeriodically(log, () => doChores(home));
  return {
    ...withExtraRoutes(api, routes, {
      onError: (error, { path }) => log.error("a request failed", { path: String(path), error }),
    }),
    close: async () => chores.stop(),
  };
}
