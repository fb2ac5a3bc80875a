import type { EventKind } from "@matrix-openapi/definitions";
import type { ApiReference, DocumentedOperation } from "./api-reference.ts";
import type { DocumentedEvent } from "./events.ts";

/** By operationId: the operations that make events of a type, and those by which clients get at them. */
export interface EventOperations<Operation = string> {
  readonly send: readonly Operation[];
  readonly read: readonly Operation[];
}

// What holds for a kind as a whole.
const byKind: Readonly<Record<EventKind, EventOperations>> = {
  state: { send: ["setRoomStateWithKey", "createRoom"], read: ["sync", "getRoomState", "getRoomStateWithKey"] },
  message: { send: ["sendMessage"], read: ["sync", "getRoomEvents", "getOneRoomEvent"] },
  ephemeral: { send: [], read: ["sync"] },
  presence: { send: [], read: ["sync"] },
  account_data: { send: ["setAccountData"], read: ["sync", "getAccountData"] },
  room_account_data: { send: ["setAccountDataPerRoom"], read: ["sync", "getAccountDataPerRoom"] },
  to_device: { send: ["sendToDevice"], read: ["sync"] },
};

// Types with operations of their own, which come first, or in place of the kind's where those do not serve.
const byType: Readonly<Record<string, { readonly only?: true } & Partial<EventOperations>>> = {
  "m.fully_read": { only: true, send: ["setReadMarker", "postReceipt"] },
  "m.presence": { send: ["setPresence"], read: ["getPresence"] },
  "m.push_rules": {
    only: true,
    send: ["setPushRule", "deletePushRule", "setPushRuleEnabled", "setPushRuleActions"],
    read: ["getPushRules"],
  },
  "m.receipt": { send: ["postReceipt", "setReadMarker"] },
  "m.room.create": { only: true, send: ["createRoom", "upgradeRoom"] },
  "m.room.member": {
    send: ["joinRoom", "joinRoomById", "knockRoom", "inviteUser", "leaveRoom", "kick", "ban", "unban"],
    read: ["getMembersByRoom", "getJoinedMembersByRoom"],
  },
  "m.room.redaction": { only: true, send: ["redactEvent"] },
  "m.room.third_party_invite": { send: ["inviteUser"] },
  "m.room.tombstone": { send: ["upgradeRoom"] },
  "m.space.child": { read: ["getSpaceHierarchy"] },
  "m.tag": { send: ["setRoomTag", "deleteRoomTag"], read: ["getRoomTags"] },
  "m.typing": { send: ["setTyping"] },
};

/** Where events of a type can be sent, set and read, the operations made for the type first. */
export function operationsFor(
  event: DocumentedEvent,
  apis: readonly ApiReference[],
): EventOperations<DocumentedOperation> {
  const own = byType[event.type];
  const collect = (way: keyof EventOperations) => [
    ...(own?.[way] ?? []),
    ...(own?.only === true && way === "send" ? [] : event.kinds.flatMap((kind) => byKind[kind][way])),
  ];
  const all = new Map(apis.flatMap((api) => api.operations).map((one) => [one.descriptor.operationId, one]));
  const find = (ids: readonly string[]) =>
    [...new Set(ids)].map((id) => {
      const operation = all.get(id);
      if (operation === undefined) throw new Error(`${event.type} names the operation ${id}, which is not described.`);
      return operation;
    });
  return { send: find(collect("send")), read: find(collect("read")) };
}

/** The kinds of events that an operation sends or gives as such, and the types it is made for. */
export function eventsOf(
  { descriptor: { operationId } }: DocumentedOperation,
  events: readonly DocumentedEvent[],
): { readonly kinds: readonly EventKind[]; readonly types: readonly DocumentedEvent[] } {
  const names = ({ send = [], read = [] }: Partial<EventOperations>) => [...send, ...read].includes(operationId);
  return {
    kinds: (Object.keys(byKind) as EventKind[]).filter((kind) => names(byKind[kind])), // its keys are the kinds
    types: events.filter(({ type }) => names(byType[type] ?? {})),
  };
}
