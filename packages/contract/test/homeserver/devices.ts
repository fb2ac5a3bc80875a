import type { Answer, Call, Routes } from "./answers.ts";
import { error, ok, segment } from "./answers.ts";
import type { Stages } from "./stages.ts";
import { passwordFlows } from "./stages.ts";
import type { User, Users } from "./users.ts";

/** A user's devices: asking for them, deleting them, and logging out of all of them. */
export function deviceRoutes(users: Users, { authenticate }: Stages): Routes {
  const remove = (call: Call, user: User, devices: readonly string[]): Answer => {
    const subject = `${user.id} ${call.path} ${devices.join(" ")}`;
    const refused = authenticate(call, { flows: passwordFlows, subject }, user);
    if (refused !== null) return refused;
    for (const device of devices) users.logOut(user, device);
    return ok({});
  };
  return {
    "GET /_matrix/client/v3/account/whoami": users.loggedIn((_call, { user, device }) =>
      ok({ user_id: user.id, device_id: device }),
    ),
    "GET /_matrix/client/v3/devices": users.loggedIn((_call, { user }) =>
      ok({ devices: [...user.devices.keys()].map((device_id) => ({ device_id })) }),
    ),
    "GET /_matrix/client/v3/devices/*": users.loggedIn((call, { user }) => {
      const device_id = segment(call, 1);
      return user.devices.has(device_id) ? ok({ device_id }) : error(404, "M_NOT_FOUND");
    }),
    "DELETE /_matrix/client/v3/devices/*": users.loggedIn((call, { user }) => remove(call, user, [segment(call, 1)])),
    "POST /_matrix/client/v3/delete_devices": users.loggedIn(
      (call, { user }) => remove(call, user, (call.body["devices"] ?? []) as string[]), // these tests send strings
    ),
    "POST /_matrix/client/v3/logout/all": users.loggedIn((_call, { user }) => {
      for (const device of user.devices.keys()) users.logOut(user, device);
      return ok({});
    }),
  };
}
