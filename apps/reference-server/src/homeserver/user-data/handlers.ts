import type { Home } from "../home.ts";
import { accountDataHandlers } from "./account-data-handlers.ts";
import { profileHandlers } from "./profile-handlers.ts";
import { tagHandlers } from "./tag-handlers.ts";
import { userDirectoryHandlers } from "./user-directory.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#user-data */
export function userDataHandlers(home: Home) {
  return {
    ...accountDataHandlers(home),
    ...tagHandlers(home),
    ...profileHandlers(home),
    ...userDirectoryHandlers(home),
  };
}
