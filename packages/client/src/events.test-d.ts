import type { components } from "@matrix-openapi/definitions/client-server";
import {
  eventTypes,
  type AccountDataEvent,
  type EventContent,
  type EventOf,
  type EventType,
  type MessageEvent,
  type MessageTypes,
  type StateEvent,
  type StateKey,
  type ToDeviceEvent,
} from "@matrix-openapi/definitions/events";
import { isEvent, isStateEvent } from "./events.ts";
import type { Same } from "./fixtures/expect-type.ts";
import { expectType } from "./fixtures/expect-type.ts";
import "./fixtures/own-events.ts";

type Schemas = components["schemas"];
declare function takes<T>(value: T): void;

// Contents -------------------------------------------------------------------------------------------------------------

takes<EventContent<"m.room.name">>({ name: "The garden" });
// @ts-expect-error a misspelt field
takes<EventContent<"m.room.name">>({ nmae: "The garden" });
// @ts-expect-error an unknown type
takes<EventContent<"m.room.nmae">>({});
// @ts-expect-error a required field is missing
takes<EventContent<"m.room.member">>({ displayname: "Bob" });

takes<EventContent<"m.room.message">>({ msgtype: "m.text", body: "Hello" });
// @ts-expect-error an unknown msgtype
takes<EventContent<"m.room.message">>({ msgtype: "m.txt", body: "Hello" });
// @ts-expect-error a field of another msgtype
takes<EventContent<"m.room.message">>({ msgtype: "m.text", body: "Hello", geo_uri: "geo:0,0" });

declare const message: EventContent<"m.room.message">;
expectType<Same<typeof message.msgtype, keyof MessageTypes>>();
switch (message.msgtype) {
  case "m.image":
    expectType<Same<typeof message, MessageTypes["m.image"]>>();
    break;
  case "m.location":
    expectType<Same<typeof message.geo_uri, string>>();
    break;
  // @ts-expect-error no such msgtype
  case "m.pictures":
}

// What an edit makes of a message may be of any msgtype, and is told apart all the same.
declare const edited: NonNullable<MessageTypes["m.text"]["m.new_content"]>;
if (edited.msgtype === "m.location") expectType<Same<typeof edited.geo_uri, string>>();
if (edited.msgtype === "m.text") expectType<Same<typeof edited, MessageTypes["m.text"]>>();
takes<typeof edited>({ msgtype: "org.example.harvest", body: "Beans", grams: 300 });
// @ts-expect-error not the specification's, though it begins as if
takes<typeof edited>({ msgtype: "m.txt", body: "Hello" });

declare const encrypted: EventContent<"m.room.encrypted">;
if (encrypted.algorithm === "m.megolm.v1.aes-sha2") expectType<Same<typeof encrypted.session_id, string>>();

// Events ---------------------------------------------------------------------------------------------------------------

declare const state: StateEvent;
if (state.type === "m.room.topic") {
  expectType<Same<typeof state.state_key, "">>();
  expectType<Same<typeof state.content, EventContent<"m.room.topic">>>();
}
if (state.type === "m.room.member") expectType<Same<typeof state.state_key, string>>();
// @ts-expect-error not a state event
takes<StateEvent<"m.room.message"> | undefined>(undefined);
// @ts-expect-error this state key is always empty
takes<StateKey<"m.room.create">>("x");

declare const said: MessageEvent<"m.room.message">;
expectType<Same<typeof said.room_id, string>>();
expectType<Same<(typeof said)["state_key"], undefined>>();
declare const secret: AccountDataEvent<"m.secret_storage.key.abc">;
expectType<Same<typeof secret.type, "m.secret_storage.key.abc">>();
takes<string>(secret.content.algorithm);
// A type of two kinds comes in two forms.
expectType<Same<EventOf<"m.room.encrypted">, MessageEvent<"m.room.encrypted"> | ToDeviceEvent<"m.room.encrypted">>>();
expectType<Same<EventOf["type"], EventType>>();

expectType<Same<(typeof eventTypes)["m.room.name"]["stateKey"], "empty">>();
// @ts-expect-error the table is not to be changed
eventTypes["m.room.name"].stateKey = "any";

// One's own types ------------------------------------------------------------------------------------------------------

takes<EventContent<"org.example.bed">>({ crop: "beans" });
takes<EventContent<"m.room.message">>({ msgtype: "org.example.harvest", body: "Beans", grams: 300 });
// @ts-expect-error its own rules hold
takes<EventContent<"org.example.bed">>({});

// What a server has sent -----------------------------------------------------------------------------------------------

declare const received: Schemas["ClientEventWithoutRoomId"];
if (isEvent(received, "m.room.message")) {
  expectType<Same<typeof received.event_id, string>>();
  if (received.content.msgtype === "m.text") expectType<Same<typeof received.content.body, string>>();
  // @ts-expect-error no such msgtype
  if (received.content.msgtype === "m.txt") throw new Error();
} else if (isStateEvent(received, "m.room.name")) {
  expectType<Same<typeof received.state_key, "">>();
  expectType<Same<typeof received.content.name, string>>();
}
// @ts-expect-error an unknown type
isEvent(received, "m.room.nmae");
// @ts-expect-error not a state event
isStateEvent(received, "m.room.message");
// @ts-expect-error not an event
isEvent({ kind: "m.room.message" }, "m.room.message");

declare const invited: Schemas["StrippedStateEvent"];
if (isStateEvent(invited, "m.room.member")) expectType<Same<typeof invited.state_key, string>>();
