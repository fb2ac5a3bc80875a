import type { Home } from "../home.ts";
import { createRoom } from "./creation/create-room.ts";
import { aliasHandlers } from "./directory/alias-handlers.ts";
import { roomDiscoveryHandlers } from "./directory/discovery-handlers.ts";
import { mutualRoomHandlers } from "./directory/mutual-rooms.ts";
import { spaceHandlers } from "./directory/space-handlers.ts";
import { roomEventHandlers } from "./events/handlers.ts";
import { membershipHandlers } from "./membership/handlers.ts";
import { upgradeRoom } from "./upgrade/upgrade-room.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#rooms-1 */
export function roomHandlers(home: Home) {
  return {
    createRoom: createRoom(home),
    ...membershipHandlers(home),
    ...aliasHandlers(home),
    ...roomDiscoveryHandlers(home),
    ...spaceHandlers(home),
    ...mutualRoomHandlers(home),
    upgradeRoom: upgradeRoom(home),
    ...roomEventHandlers(home),
  };
}
