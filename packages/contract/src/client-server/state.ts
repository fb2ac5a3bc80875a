import type { Exchange } from "../exchange.ts";
import type { JsonObject } from "../json.ts";
import { member, stringMember } from "../json.ts";
import type { Client } from "./client.ts";
import { needed, path } from "./client.ts";

export function putState(client: Client, room: string, type: string, content: JsonObject, key = ""): Promise<Exchange> {
  return client.put(path`/rooms/${room}/state/${type}/${key}`, content);
}

/** Sets a piece of state, which has to succeed. */
export function setState(client: Client, room: string, type: string, content: JsonObject, key = ""): Promise<Exchange> {
  return needed(putState(client, room, type, content, key));
}

export function getState(client: Client, room: string, type: string, key = ""): Promise<Exchange> {
  return client.get(path`/rooms/${room}/state/${type}/${key}`);
}

/** One member of a state event's content. */
export async function stateField(client: Client, room: string, type: string, field: string): Promise<unknown> {
  return member((await getState(client, room, type)).json, field);
}

/** What somebody is to a room: `join`, `leave`, … */
export async function membershipOf(client: Client, room: string, userId: string): Promise<string | undefined> {
  return stringMember((await getState(client, room, "m.room.member", userId)).json, "membership");
}
