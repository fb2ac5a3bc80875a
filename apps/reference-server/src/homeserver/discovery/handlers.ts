import { ok } from "@matrix-openapi/server";
import type { Home, SomeHandlers } from "../home.ts";
import { availableRoomVersions, defaultRoomVersion } from "../rooms/format/room-version.ts";

/**
 * What a client asks first: https://spec.matrix.org/v1.19/client-server-api/#server-discovery
 */
export function discoveryHandlers({ config, urls }: Home) {
  return {
    getVersions: () => ok({ versions, unstable_features: {} }),

    getWellknown: () =>
      ok({
        "m.homeserver": { base_url: config.wellKnown.homeserver ?? urls.homeserver },
        "m.identity_server": { base_url: config.wellKnown.identityServer ?? urls.identity },
      }),

    getCapabilities({ user }) {
      const isManagedHere = user.providerId === undefined;
      return ok({
        capabilities: {
          "m.change_password": { enabled: isManagedHere },
          "m.3pid_changes": { enabled: isManagedHere },
          "m.get_login_token": { enabled: isManagedHere },
          "m.room_versions": { default: defaultRoomVersion, available: availableRoomVersions },
          "m.profile_fields": { enabled: true },
          "m.set_displayname": { enabled: true },
          "m.set_avatar_url": { enabled: true },
        },
      });
    },
  } satisfies SomeHandlers;
}

/**
 * All of `/v3`: since v1.1 a version adds operations and fields but takes none away, so that whoever speaks an older
 * one is served as well; an operation that is not served answers `M_UNRECOGNIZED`. Clients look for the version they
 * need in this list, and not for a newer one. The `r0` of before had other paths, and is not claimed.
 */
const versions = Array.from({ length: 19 }, (_, minor) => `v1.${minor + 1}`);
