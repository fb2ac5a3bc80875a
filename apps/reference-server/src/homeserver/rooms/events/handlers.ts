import { error, ok } from "@matrix-openapi/server";
import { asJson } from "../../../json.ts";
import type { Home, SessionOwner, SomeHandlers } from "../../home.ts";
import { clientState } from "../../timeline/client-event.ts";
import { viewerOf } from "../../timeline/viewer.ts";
import { mustSee } from "../access.ts";
import { withReason } from "../membership/set-membership.ts";
import { sendEvent } from "../send-event.ts";
import { stateAt, stateEventAt } from "../state.ts";
import { joinedMembers, memberEvents } from "./members.ts";
import { setState } from "./set-state.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#sending-events-to-a-room */
export function roomEventHandlers(home: Home) {
  const { db } = home;
  return {
    async sendMessage({ user, params, body }) {
      const { roomId, eventType, txnId } = params.path;
      const { eventId } = await sendEvent(home, {
        roomId,
        sender: user.id,
        type: eventType,
        content: asJson(body),
        ...givenTime(user, params.query.ts),
        transaction: { deviceId: user.deviceId, txnId, endpoint: `send/${roomId}/${eventType}` },
      });
      return ok({ event_id: eventId });
    },

    async redactEvent({ user, params, body }) {
      const { roomId, eventId: redacts, txnId } = params.path;
      const { eventId } = await sendEvent(home, {
        roomId,
        sender: user.id,
        type: "m.room.redaction",
        content: withReason(body.reason),
        redacts,
        transaction: { deviceId: user.deviceId, txnId, endpoint: `redact/${roomId}/${redacts}` },
      });
      return ok({ event_id: eventId });
    },

    async setRoomStateWithKey({ user, params, body }) {
      const { roomId, eventType: type, stateKey } = params.path;
      const content = asJson(body);
      const time = givenTime(user, params.query.ts);
      const eventId = await setState(home, { roomId, user, type, stateKey, content, ...time });
      return ok({ event_id: eventId });
    },

    async getRoomState({ user, params }) {
      const { roomId } = params.path;
      const depth = await mustSee(db, roomId, user.id);
      return ok(await clientState(home, await stateAt(db, roomId, depth), viewerOf(db, user)));
    },

    async getRoomStateWithKey({ user, params }) {
      const { roomId, eventType, stateKey } = params.path;
      const depth = await mustSee(db, roomId, user.id);
      const event = await stateEventAt(db, roomId, depth, eventType, stateKey);
      if (event === undefined) {
        const message = `The room has no ${eventType} under the state key ${JSON.stringify(stateKey)}.`;
        return error(404, "M_NOT_FOUND", message);
      }
      if (params.query.format !== "event") return ok(event.content);
      const [whole = event.content] = await clientState(home, [event], viewerOf(db, user));
      return ok(whole);
    },

    async getMembersByRoom({ user, params }) {
      const events = await memberEvents(db, params.path.roomId, user.id, params.query);
      return ok({ chunk: await clientState(home, events, viewerOf(db, user)) });
    },

    async getJoinedMembersByRoom({ user, params }) {
      return ok({ joined: await joinedMembers(db, params.path.roomId, user.id) });
    },
  } satisfies SomeHandlers;
}

/** https://spec.matrix.org/v1.19/application-service-api/#timestamp-massaging */
function givenTime({ applicationService }: SessionOwner, ts: number | undefined): { readonly originServerTs?: number } {
  return applicationService === undefined || ts === undefined ? {} : { originServerTs: ts };
}
