import type { Home } from "../home.ts";
import { roomCreationHandlers } from "./creation/handlers.ts";
import { aliasHandlers } from "./directory/alias-handlers.ts";
import { roomDiscoveryHandlers } from "./directory/discovery-handlers.ts";
import { mutualRoomHandlers } from "./directory/mutual-rooms.ts";
import { spaceHandlers } from "./directory/space-handlers.ts";
import { roomEventHandlers } from "./events/handlers.ts";
import { membershipHandlers } from "./membership/handlers.ts";

import { roomUpgradeHandlers } from "./upgrade/handlers.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#rooms-1 */
export function roomHandlers(home: Home) {
  return {
    ...roomCreationHandlers(home),
    ...membershipHandlers(home),
    ...aliasHandlers(home),
    ...roomDiscoveryHandlers(home),
    ...spaceHandlers(home),
    ...mutualRoomHandlers(home),
    ...roomUpgradeHandlers(home),
    ...roomEventHandlers(home),
  };
}
