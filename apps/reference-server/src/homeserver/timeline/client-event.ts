import type { components } from "@matrix-openapi/definitions/client-server";
import type { Home } from "../home.ts";
import { eventsByIds } from "../rooms/event.ts";
import type { RoomEvent } from "../rooms/event.ts";
import type { Viewer } from "./viewer.ts";

/** https://spec.matrix.org/v1.19/client-server-api/#room-event-format */
export type ClientEvent = components["schemas"]["ClientEvent"] & { readonly unsigned: Unsigned };
export type ClientStateEvent = ClientEvent & { readonly state_key: string };

type Unsigned = components["schemas"]["UnsignedData"];

/** Events as one user's device gets them, without what relates to them. Who calls has checked that they may be seen. */
export async function plainClientEvents(
  home: Home,
  events: readonly RoomEvent[],
  viewer: Viewer,
): Promise<ClientEvent[]> {
  const replaced = await replacedStates(home, events);
  const redactions = await redactionsOf(home, events);
  return Promise.all(
    events.map(async (event) => {
      const view = await viewer.room(event.roomId);
      const previous = replaced.get(event.eventId);
      const redaction = event.redactedBy === undefined ? undefined : redactions.get(event.redactedBy);
      return toClientEvent(event, {
        ...ownFacts(home, event, viewer),
        membership: view.membershipAt(event.depth),
        ...(previous !== undefined && { replaces_state: previous.eventId }),
        ...(previous !== undefined &&
          (view.knewStateBefore(event.depth) || view.canSee(previous)) && { prev_content: previous.content }),
        ...(redaction !== undefined && {
          redacted_because: toClientEvent(redaction, ownFacts(home, redaction, viewer)),
        }),
      });
    }),
  );
}

/** State to know a room by; the events that brought it about need not be such as the user may see. */
export async function clientState(
  home: Home,
  events: readonly RoomEvent[],
  viewer: Viewer,
): Promise<ClientStateEvent[]> {
  return Promise.all(
    events.map(async (event) => ({
      ...toClientEvent(event, {
        ...ownFacts(home, event, viewer),
        membership: (await viewer.room(event.roomId)).membershipAt(event.depth),
      }),
      state_key: event.stateKey ?? "",
    })),
  );
}

function toClientEvent(event: RoomEvent, unsigned: Unsigned): ClientEvent {
  const redacts = event.type === "m.room.redaction" ? redactsOf(event) : undefined;
  return {
    event_id: event.eventId,
    room_id: event.roomId,
    type: event.type,
    ...(event.stateKey !== null && { state_key: event.stateKey }),
    sender: event.sender,
    origin_server_ts: event.originServerTs,
    // Older and newer clients look for it in different places, whatever the room's version.
    content: redacts === undefined ? event.content : { ...event.content, redacts },
    ...(redacts !== undefined && { redacts }),
    unsigned,
  };
}

/** Nothing once the redaction itself is redacted in a version that takes it off. */
function redactsOf({ json, content }: RoomEvent): string | undefined {
  const redacts = json["redacts"] ?? content["redacts"];
  return typeof redacts === "string" ? redacts : undefined;
}

function ownFacts({ clock }: Home, event: RoomEvent, viewer: Viewer): Unsigned {
  const { transaction } = event;
  const isOwn = event.sender === viewer.userId && transaction?.deviceId === viewer.deviceId;
  return { age: clock.now() - event.originServerTs, ...(isOwn && { transaction_id: transaction.txnId }) };
}

/** By the ID of the event that took the place of each. */
async function replacedStates({ db }: Home, events: readonly RoomEvent[]): Promise<Map<string, RoomEvent>> {
  const found = new Map<string, RoomEvent>();
  const byRoom = Map.groupBy(
    events.filter(({ stateKey }) => stateKey !== null),
    ({ roomId }) => roomId,
  );
  for (const [roomId, states] of byRoom) {
    const byDepth = new Map(states.map((event) => [event.depth, event.eventId]));
    const rows = await db
      .selectFrom("hs_events")
      .select(["event_id", "replaced_at"])
      .where("room_id", "=", roomId)
      .where("replaced_at", "in", [...byDepth.keys()])
      .execute();
    const successors = new Map(rows.map((row) => [row.event_id, byDepth.get(row.replaced_at ?? 0)]));
    for (const event of await eventsByIds(db, [...successors.keys()])) {
      const successor = successors.get(event.eventId);
      if (successor !== undefined) found.set(successor, event);
    }
  }
  return found;
}

async function redactionsOf({ db }: Home, events: readonly RoomEvent[]): Promise<Map<string, RoomEvent>> {
  const ids = events.map(({ redactedBy }) => redactedBy).filter((id) => id !== undefined);
  return new Map((await eventsByIds(db, ids)).map((event) => [event.eventId, event]));
}
