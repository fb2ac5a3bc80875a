/** Where events of a type occur: as a room's state, in its timeline, in passing, as what a user keeps, or between devices. */
export type EventKind =
  | "state"
  | "message"
  | "ephemeral"
  | "presence"
  | "account_data"
  | "room_account_data"
  | "to_device";

/** What the state key of a state event has to be: nothing, an ID, the token of an invitation, or whatever its sender likes. */
export type StateKeyRule = "empty" | "user_id" | "room_id" | "token" | "any";

/** What is known about a type of event besides its content. */
export interface EventTypeDescriptor {
  readonly kinds: readonly EventKind[];
  /** Null for what is never a state event. */
  readonly stateKey: StateKeyRule | null;
  /** The version of the specification that added it. */
  readonly since: string | null;
  /** The version of the specification that deprecated it. */
  readonly deprecatedSince: string | null;
}
