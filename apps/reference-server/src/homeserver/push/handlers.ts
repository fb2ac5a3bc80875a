import type { Home } from "../home.ts";
import { notificationHandlers } from "./notification-handlers.ts";
import { pusherHandlers } from "./pusher-handlers.ts";
import { pushRuleHandlers } from "./rule-handlers.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#push-notifications */
export function pushHandlers(home: Home) {
  return { ...pushRuleHandlers(home), ...pusherHandlers(home), ...notificationHandlers(home) };
}
