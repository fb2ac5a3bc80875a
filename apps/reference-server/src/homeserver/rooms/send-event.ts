import { MatrixError } from "@matrix-openapi/server";
import type { JsonObject } from "../../json.ts";
import { compiledQuery } from "../../storage/compiled-query.ts";
import type { Database } from "../../storage/database.ts";
import { withTransaction } from "../../storage/database.ts";
import type { Home } from "../home.ts";
import type { AuthState } from "./authorisation/auth-state.ts";
import { authorise } from "./authorisation/authorise.ts";
import { keepAuthState, loadAuthState } from "./authorisation/load-auth-state.ts";
import { hooks } from "./after-send.ts";
import { gates } from "./before-send.ts";
import { toRoomEvent } from "./event.ts";
import type { RoomEvent } from "./event.ts";
import { signEvent } from "./format/sign-event.ts";
import type { Room } from "./rooms.ts";
import { findRoom } from "./rooms.ts";
import { isName } from "./name.ts";
import { applyRedaction, mayRedact } from "./redaction.ts";
import { storeEvent } from "./store-event.ts";
import type { RequestTransaction } from "./store-event.ts";

/** An event that somebody wants to be. */
export interface NewEvent {
  readonly roomId: string;
  readonly sender: string;
  readonly type: string;
  /** Of state only. */
  readonly stateKey?: string;
  readonly content: JsonObject;
  /** Of redactions, in whatever version the room has. */
  readonly redacts?: string;
  /** Application services only; otherwise now. */
  readonly originServerTs?: number;
  readonly transaction?: RequestTransaction;
}

/**
 * Sends an event into a room: all or nothing, and once for each transaction ID. Throws what is answered where it may not
 * be, is too large, or has numbers that no event can have.
 */
export function sendEvent(home: Home, request: NewEvent): Promise<RoomEvent> {
  return withTransaction(home.db, async () => {
    const { db } = home;
    checkNames(request);
    const sent = request.transaction && (await findSent(db, request.sender, request.transaction));
    if (sent !== undefined) return sent;
    for (const gate of gates) await gate(home, request);
    const room = await findRoom(db, request.roomId);
    if (room === undefined) throw forbidden(`there is no room ${request.roomId}`);
    const event = await allowedEvent(home, room, request);
    await setNewest(db, event);
    await storeEvent(db, event, request.transaction);
    keepAuthState(db, room, event);
    if (event.redacts !== undefined) await applyRedaction(db, room, event);
    for (const hook of hooks) await hook(home, event, sendEvent);
    return event;
  });
}

function checkNames({ type, stateKey = "", transaction }: NewEvent): void {
  if ([type, stateKey, transaction?.txnId ?? ""].every(isName)) return;
  throw new MatrixError(
    400,
    "M_BAD_JSON",
    "There is a NUL in the type, the state key or the transaction ID: leave it out.",
  );
}

/** The same request once more: https://spec.matrix.org/v1.19/client-server-api/#transaction-identifiers */
async function findSent(db: Database, sender: string, transaction: RequestTransaction): Promise<RoomEvent | undefined> {
  const [row] = await selectSent(db, { sender, ...transaction });
  return row && toRoomEvent(row);
}

const selectSent = compiledQuery(
  (db, { sender, deviceId, endpoint, txnId }: RequestTransaction & { readonly sender: string }) =>
    db
      .selectFrom("hs_events")
      .selectAll()
      .where("sender", "=", sender)
      .where("device_id", "=", deviceId)
      .where("txn_endpoint", "=", endpoint)
      .where("txn_id", "=", txnId),
);

const setNewest = compiledQuery((db, { roomId, depth, eventId }: Pick<RoomEvent, "roomId" | "depth" | "eventId">) =>
  db.updateTable("hs_rooms").set({ depth, last_event_id: eventId }).where("room_id", "=", roomId),
);

async function allowedEvent(home: Home, room: Room, request: NewEvent): Promise<RoomEvent> {
  const { sender, type } = request;
  const redacts = request.redacts ?? redactsInContent(room, request);
  const stateKey = request.stateKey ?? null;
  const besideContent = room.version.redactsBesideContent ? redacts : undefined;
  const content =
    redacts === undefined || besideContent !== undefined ? request.content : { ...request.content, redacts };
  const draft = { type, stateKey, sender, content };
  const state = await loadAuthState(home.db, room, draft);
  const refusal =
    authorise(draft, state) ?? (redacts === undefined ? null : await mayRedact(home.db, room, { sender, redacts }));
  if (refusal !== null) throw forbidden(refusal);
  const depth = room.depth + 1;
  const originServerTs = request.originServerTs ?? home.clock.now();
  const { eventId, json } = signEvent(
    home,
    {
      type,
      room_id: room.roomId,
      sender,
      content,
      depth,
      origin_server_ts: originServerTs,
      prev_events: [room.lastEventId],
      auth_events: authEvents(state),
      ...(stateKey !== null && { state_key: stateKey }),
      ...(besideContent !== undefined && { redacts: besideContent }),
    },
    room.version,
  );
  const { transaction } = request;
  return {
    eventId,
    roomId: room.roomId,
    depth,
    type,
    stateKey,
    sender,
    originServerTs,
    content,
    json,
    ...(redacts !== undefined && { redacts }),
    ...(transaction !== undefined && { transaction }),
  };
}

/** A client may send a redaction like any other event: https://spec.matrix.org/v1.19/rooms/v11/#moving-the-redacts-property */
function redactsInContent({ version }: Room, { type, content }: NewEvent): string | undefined {
  const { redacts } = content;
  const isRedaction = type === "m.room.redaction" && !version.redactsBesideContent;
  return isRedaction && typeof redacts === "string" ? redacts : undefined;
}

/** From version 12 on, the room's ID says what its creation is. */
function authEvents({ events, version }: AuthState): string[] {
  return events
    .filter(({ type }) => !(version.creatorsAboveAll && type === "m.room.create"))
    .map(({ eventId }) => eventId);
}

function forbidden(refusal: string): MatrixError {
  return new MatrixError(403, "M_FORBIDDEN", `Not allowed: ${refusal}.`);
}
