import { error, ok } from "@matrix-openapi/server";
import { OutboundError } from "../../outbound/outbound-fetch.ts";
import type { Home, SomeHandlers } from "../home.ts";
import { findRoom } from "../rooms/rooms.ts";
import { requestService } from "./service-requests.ts";
import { serviceById } from "./services.ts";

/** https://spec.matrix.org/v1.19/application-service-api/#client-server-api-extensions */
export function applicationServiceHandlers(home: Home) {
  const { db } = home;
  return {
    async pingAppservice({ user, params, body }) {
      const service = serviceById(home, user.applicationService);
      if (service === undefined || service.id !== params.path.appserviceId) {
        return error(403, "M_FORBIDDEN", `An application service pings itself; your token is that of ${service?.id}.`);
      }
      if (service.registration.url === null) {
        return error(400, "M_URL_NOT_SET", "The registration has no URL to send a ping to.");
      }
      const start = performance.now();
      try {
        const answer = await requestService(home, service, {
          method: "POST",
          path: "/ping",
          body: JSON.stringify(body),
        });
        if (answer.ok) return ok({ duration_ms: Math.round(performance.now() - start) });
        const message = `The application service answered with status ${answer.status}.`;
        return error(502, "M_BAD_STATUS", message, { status: answer.status, body: await answer.text() });
      } catch (reason) {
        if (!(reason instanceof OutboundError)) throw reason;
        return reason.reason === "timeout"
          ? error(504, "M_CONNECTION_TIMEOUT", `The application service did not answer in time: ${reason.message}.`)
          : error(502, "M_CONNECTION_FAILED", `The application service cannot be reached: ${reason.message}.`);
      }
    },

    async updateAppserviceRoomDirectoryVisibility({ user, params, body }) {
      const { networkId, roomId } = params.path;
      const key = { service_id: user.applicationService, network_id: networkId, room_id: roomId };
      if (body.visibility === "private") {
        await db
          .deleteFrom("hs_network_rooms")
          .where("service_id", "=", key.service_id)
          .where("network_id", "=", networkId)
          .where("room_id", "=", roomId)
          .execute();
        return ok({});
      }
      if ((await findRoom(db, roomId)) === undefined) return error(404, "M_NOT_FOUND", `There is no room ${roomId}.`);
      await db
        .insertInto("hs_network_rooms")
        .values(key)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return ok({});
    },
  } satisfies SomeHandlers;
}
