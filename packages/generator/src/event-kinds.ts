import type { EventKind } from "./event-type-descriptor.ts";

/** What is generated for a kind of event. */
export interface EventKindNames {
  /** Begins the names of its types. */
  readonly name: string;
  readonly noun: string;
  /** The schema of such an event, with whatever content. */
  readonly envelope: string;
}

/** The kinds of events, as `x-matrix-event-kind` names them. */
export const eventKinds: Readonly<Record<EventKind, EventKindNames>> = {
  state: { name: "StateEvent", noun: "state events", envelope: "StateEvent" },
  message: { name: "MessageEvent", noun: "message events", envelope: "ClientEvent" },
  ephemeral: { name: "EphemeralEvent", noun: "ephemeral events", envelope: "Event" },
  presence: { name: "PresenceEvent", noun: "presence events", envelope: "PresenceEvent" },
  account_data: { name: "AccountDataEvent", noun: "account data", envelope: "Event" },
  room_account_data: { name: "RoomAccountDataEvent", noun: "account data of rooms", envelope: "Event" },
  to_device: { name: "ToDeviceEvent", noun: "to-device events", envelope: "ToDeviceEvent" },
};
