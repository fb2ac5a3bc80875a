import { error, ok } from "@matrix-openapi/server";
import type { HandlerContext, Home } from "../home.ts";
import { limitRegistrations } from "../rate-limits.ts";
import { openSession } from "../sessions/open-session.ts";
import { createUnnamedAccount } from "./create-user.ts";

/**
 * A guest is asked for nothing and decides about nothing but the name of its device.
 * https://spec.matrix.org/v1.19/client-server-api/#guest-access
 */
export async function registerGuest(home: Home, { body, uia, remoteAddress }: HandlerContext<"register">) {
  if (!home.config.registration.guests) return error(403, "M_FORBIDDEN", "This server has no guests.");
  const { initial_device_display_name: deviceName } = body;
  return uia.run({ flows: [], exempt: true }, async () => {
    await limitRegistrations(home, remoteAddress);
    const { userId } = await createUnnamedAccount(home, { passwordHash: null, isGuest: true });
    const device = deviceName === undefined ? {} : { initial_device_display_name: deviceName };
    return ok(await openSession(home, userId, device));
  });
}
