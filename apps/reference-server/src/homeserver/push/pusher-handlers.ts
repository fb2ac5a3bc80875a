import { error, ok } from "@matrix-openapi/server";
import { asJson } from "../../json.ts";
import type { JsonObject } from "../../json.ts";
import { withTransaction } from "../../storage/database.ts";
import { refuseLoggedOut } from "../encryption/refuse-logged-out.ts";
import type { Home, SomeHandlers } from "../home.ts";
import { ownsAddress } from "./owns-address.ts";
import { listPushers, removePusher, storePusher } from "./pushers.ts";
import type { Pusher } from "./pushers.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#push-notifications */
export function pusherHandlers(home: Home) {
  const { db, clock } = home;
  return {
    async getPushers({ user }) {
      const pushers = await listPushers(db, user.id);
      return ok({ pushers: pushers.map(toAnswer) });
    },

    async postPusher({ user, body }) {
      const { kind, app_id, pushkey } = body;
      if (kind === null) {
        await removePusher(db, { user_id: user.id, app_id, pushkey });
        return ok({});
      }
      if (kind === "http" && !mayBeReached(home, body.data.url)) return notEncrypted;
      if (kind === "email" && !(await ownsAddress(db, user.id, pushkey))) return notYourAddress;
      await withTransaction(db, async () => {
        await refuseLoggedOut(db, user);
        await storePusher(
          db,
          {
            user_id: user.id,
            app_id,
            pushkey,
            kind,
            app_display_name: body.app_display_name,
            device_display_name: body.device_display_name,
            profile_tag: body.profile_tag ?? null,
            lang: body.lang,
            data: JSON.stringify(body.data),
            device_id: user.deviceId === "" ? null : user.deviceId,
            set_at: clock.now(),
          },
          body.append === true,
        );
      });
      return ok({});
    },
  } satisfies SomeHandlers;
}

/** Only a server that is configured to talk to its own surroundings talks to them in the clear. */
function mayBeReached({ config }: Home, url: string): boolean {
  const { allowPrivateAddresses: allowed } = config.outbound;
  return url.startsWith("https:") || allowed === true || (Array.isArray(allowed) && allowed.length > 0);
}

const notEncrypted = error(
  400,
  "M_UNKNOWN",
  "The push gateway's URL is not encrypted: give one that begins with https.",
);

const notYourAddress = error(
  400,
  "M_UNKNOWN",
  "The pushkey is no email address of your account: add and validate it first.",
);

function toAnswer(pusher: Pusher) {
  const { kind, app_id, pushkey, app_display_name, device_display_name, profile_tag, lang } = pusher;
  const data: JsonObject = JSON.parse(pusher.data);
  return {
    kind,
    app_id,
    pushkey,
    app_display_name,
    device_display_name,
    lang,
    data: asJson(data),
    ...(profile_tag !== null && { profile_tag }),
  };
}
