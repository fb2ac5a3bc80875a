import type { Exchange } from "../exchange.ts";
import type { JsonObject } from "../json.ts";
import { isObject, member, stringMember } from "../json.ts";
import { Blocked } from "../outcome.ts";
import type { Client } from "./client.ts";
import { needed } from "./client.ts";
import { objectsIn } from "./room.ts";

/** One answer of `/sync`, which has to succeed and to carry the token for the next. */
export interface Synced {
  readonly answer: Exchange;
  readonly next: string;
}

export interface SyncQuery {
  readonly since?: string;
  readonly filter?: JsonObject;
  readonly timeout?: string;
  readonly full_state?: string;
  readonly use_state_after?: string;
}

let beginnings = 0;

/**
 * Without `since` no two requests of a run are the same: a server may give the answer that it has just worked out once
 * more to whoever asks again, and what happened in between would be missing. A sync that begins never waits, so its
 * `timeout` can tell the requests apart.
 */
export async function syncOf(client: Client, { filter, ...query }: SyncQuery = {}): Promise<Synced> {
  beginnings += 1;
  const answer = await needed(
    client.get("/sync", {
      ...(query.since === undefined && { timeout: String(beginnings) }),
      ...query,
      ...(filter !== undefined && { filter: JSON.stringify(filter) }),
    }),
  );
  const next = stringMember(answer.json, "next_batch");
  if (next === undefined) throw new Blocked(answer, "/sync had to give `next_batch`");
  return { answer, next };
}

type Section = "join" | "invite" | "leave" | "knock";

/** What an answer says about a room; undefined where it says nothing. */
export function roomIn({ answer }: Synced, section: Section, room: string): unknown {
  return member(member(member(answer.json, "rooms"), section), room);
}

export function timelineOf(synced: Synced, room: string, section: Section = "join"): readonly JsonObject[] {
  return objectsIn(member(roomIn(synced, section, room), "timeline"), "events");
}

export function ephemeralOf(synced: Synced, room: string, type: string): JsonObject | undefined {
  return objectsIn(member(roomIn(synced, "join", room), "ephemeral"), "events").find((event) => event["type"] === type);
}

/** The state that an answer leads to, laid over what was known before: type and state key → event ID. */
export function withState(known: ReadonlyMap<string, string>, synced: Synced, room: string): Map<string, string> {
  const state = new Map(known);
  const told = objectsIn(member(roomIn(synced, "join", room), "state"), "events");
  for (const event of [...told, ...timelineOf(synced, room)]) {
    const [key, id] = [stringMember(event, "state_key"), stringMember(event, "event_id")];
    if (key !== undefined && id !== undefined) state.set(`${stringMember(event, "type") ?? ""} ${key}`, id);
  }
  return state;
}

/** To-device messages of one type. */
export function toDeviceOf({ answer }: Synced, type: string): readonly JsonObject[] {
  return objectsIn(member(answer.json, "to_device"), "events").filter((event) => event["type"] === type);
}

export function accountDataOf({ answer }: Synced, type: string): unknown {
  const found = objectsIn(member(answer.json, "account_data"), "events").find((event) => event["type"] === type);
  return isObject(found) ? found["content"] : undefined;
}

/** An answer in which something is told; asks again where the server told of something else first. */
export async function syncUntil(
  client: Client,
  since: string,
  isTold: (synced: Synced) => boolean,
  attempts = 5,
): Promise<Synced> {
  let synced = await syncOf(client, { since, timeout: "1000" });
  for (let attempt = 1; attempt < attempts && !isTold(synced); attempt += 1)
    synced = await syncOf(client, { since: synced.next, timeout: "1000" });
  return synced;
}
