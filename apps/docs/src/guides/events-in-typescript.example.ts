import { isEvent, isStateEvent } from "@matrix-openapi/client";
import type { MatrixClient, MatrixEvent } from "@matrix-openapi/client";
import type {
  EventContent,
  StateEvent,
} from "@matrix-openapi/definitions/events";

// #region content
export const question: EventContent<"m.room.message"> = {
  msgtype: "m.text", // without it, there is no telling which fields are allowed
  body: "Bob, can you bring the seeds?",
  "m.mentions": { user_ids: ["@bob:example.org"] },
};

export function summaryOf(message: EventContent<"m.room.message">): string {
  switch (message.msgtype) {
    case "m.text":
    case "m.notice":
      return message.body;
    case "m.image":
      return `an image, ${message.info?.w ?? "?"} pixels wide`;
    default:
      return message.body ?? "a message"; // the body is there for clients that know no better
  }
}
// #endregion

// #region received
export function tell(event: MatrixEvent): string | undefined {
  if (isStateEvent(event, "m.room.member")) {
    const name = event.content.displayname ?? event.state_key;
    return event.content.membership === "join" ? `${name} is here` : undefined;
  }
  if (isEvent(event, "m.room.message")) return summaryOf(event.content);
  return undefined; // a type we do not care for, or do not know
}
// #endregion

// #region send
export async function send(
  client: MatrixClient,
  roomId: string,
  content: EventContent<"m.room.message">,
): Promise<string> {
  const sent = await client.PUT(
    "/_matrix/client/v3/rooms/{roomId}/send/{eventType}/{txnId}",
    {
      params: {
        path: {
          roomId,
          eventType: "m.room.message",
          txnId: crypto.randomUUID(),
        },
      },
      body: content,
    },
  );
  return sent.ok ? sent.data.event_id : `not sent: ${sent.status}`;
}
// #endregion

// #region own
declare module "@matrix-openapi/definitions/events" {
  interface StateEventContents {
    "org.example.bed": { crop: string; sown?: number };
  }
  interface MessageTypes {
    "org.example.harvest": {
      msgtype: "org.example.harvest";
      body: string;
      grams: number;
    };
  }
}
// #endregion

// #region own-used
export function describeBed(bed: StateEvent<"org.example.bed">): string {
  return `In bed ${bed.state_key}: ${bed.content.crop}`;
}

export const harvest: EventContent<"m.room.message"> = {
  msgtype: "org.example.harvest",
  body: "800 g of tomatoes",
  grams: 800,
};
// #endregion
