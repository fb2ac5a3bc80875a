import { ok } from "@matrix-openapi/server";
import type { Handlers, Home } from "../../home.ts";
import { createRoom } from "./create-room.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#creation */
export function roomCreationHandlers(home: Home): Handlers<"createRoom"> {
  return {
    async createRoom({ user, body }) {
      return ok({ room_id: await createRoom(home, user.id, body) });
    },
  };
}
