import {
  eventTypes,
  type EventContent,
  type EventType,
  type StateEventType,
  type StateKey,
} from "@matrix-openapi/definitions/events";
import type { EventTypeDescriptor } from "@matrix-openapi/definitions";

/** As much of an event as tells what it is, whatever brought it: a sync, a room's history, a push. */
export interface MatrixEvent {
  readonly type: string;
  readonly state_key?: string;
  readonly content: object;
}

/** An event of a type: what it was before, and its content typed. */
export type TypedEvent<E extends MatrixEvent, T extends EventType> = E & {
  readonly type: T;
  readonly content: EventContent<T>;
};

/** A state event of a type: its state key is there, too. */
export type TypedStateEvent<E extends MatrixEvent, T extends StateEventType> = TypedEvent<E, T> & {
  readonly state_key: StateKey<T>;
};

/**
 * Whether an event is of a type, and may be: what only occurs as state has a state key (the empty one, where its type
 * allows no other), and what never does has none, so that a message that calls itself `m.room.name` does not name a
 * room. The content is what its sender claims; check what you rely on.
 * https://spec.matrix.org/v1.19/client-server-api/#types-of-room-events
 */
export function isEvent<E extends MatrixEvent, T extends EventType>(event: E, type: T): event is TypedEvent<E, T> {
  if (event.type !== type) return false;
  const known = descriptorOf(type);
  if (known === undefined) return true;
  if (event.state_key === undefined) return known.kinds.some((kind) => kind !== "state");
  return known.kinds.includes("state") && (known.stateKey !== "empty" || event.state_key === "");
}

/** Whether an event is a state event of a type, with a state key as its type has it; see `isEvent`. */
export function isStateEvent<E extends MatrixEvent, T extends StateEventType>(
  event: E,
  type: T,
): event is TypedStateEvent<E, T> {
  return event.state_key !== undefined && isEvent(event, type);
}

/** Types with a free ending, and your own, are not in the table. */
function descriptorOf(type: string): EventTypeDescriptor | undefined {
  return Object.hasOwn(eventTypes, type) ? eventTypes[type as keyof typeof eventTypes] : undefined; // just looked up
}
