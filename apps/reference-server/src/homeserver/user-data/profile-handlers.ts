import { error, ok } from "@matrix-openapi/server";
import { asJson } from "../../json.ts";
import { askForUser } from "../application-services/ask-services.ts";
import type { Home, SomeHandlers } from "../home.ts";
import { notYours } from "./account-data-handlers.ts";
import { changeProfile } from "./change-profile.ts";
import { profileOf } from "./profile.ts";

/**
 * Everybody may look up who is here; other servers are not asked, so that their users are as good as unknown.
 * https://spec.matrix.org/v1.19/client-server-api/#profiles
 */
export function profileHandlers(home: Home) {
  const { db } = home;
  return {
    async getUserProfile({ params }) {
      await askForUser(home, params.path.userId);
      const profile = await profileOf(db, params.path.userId);
      return Object.keys(profile).length === 0 ? unknownProfile : ok(profile);
    },

    async getProfileField({ params }) {
      const { userId, keyName } = params.path;
      await askForUser(home, userId);
      const { [keyName]: value } = await profileOf(db, userId);
      return value === undefined ? unknownProfile : ok({ [keyName]: value });
    },

    async setProfileField({ user, params, body }) {
      const { userId, keyName: name } = params.path;
      if (userId !== user.id) return notYours;
      if (user.guest && name !== "displayname") return notForGuests;
      if (Buffer.byteLength(name) > 255) {
        return error(400, "M_KEY_TOO_LARGE", "The field's name has more than 255 bytes: choose a shorter one.");
      }
      const value = asJson(body)[name];
      if (value === undefined) {
        return error(400, "M_MISSING_PARAM", `The body lacks ${name}, the field that the path names: add it.`);
      }
      await changeProfile(home, userId, name, value);
      return ok({});
    },

    async deleteProfileField({ user, params }) {
      const { userId, keyName: name } = params.path;
      if (userId !== user.id) return notYours;
      if (user.guest && name !== "displayname") return notForGuests;
      await changeProfile(home, userId, name, undefined);
      return ok({});
    },
  } satisfies SomeHandlers;
}

const unknownProfile = error(404, "M_NOT_FOUND", "There is no such user here, or they have no such field.");

const notForGuests = error(403, "M_FORBIDDEN", "Guests can change nothing but their displayname: register an account.");
