import type { Context } from "../context.ts";
import type { Exchange } from "../exchange.ts";
import type { JsonObject } from "../json.ts";
import { isObject, member, stringMember } from "../json.ts";
import { Blocked } from "../outcome.ts";
import type { Client } from "./client.ts";
import { aliceOf, bobOf, needed, neededString, path } from "./client.ts";

/** A room that rules may do with as they like. */
export async function createRoom(client: Client, body: JsonObject = {}): Promise<string> {
  return neededString(client.post("/createRoom", { preset: "private_chat", ...body }), "room_id");
}

/** For {@link createRoom}: who sees what is said, from the beginning on. */
export function withHistory(history_visibility: string): JsonObject {
  return { initial_state: [{ type: "m.room.history_visibility", state_key: "", content: { history_visibility } }] };
}

export interface SharedRoom {
  readonly alice: Client;
  readonly bob: Client;
  readonly room: string;
}

/** A new room of alice's that bob has joined. */
export async function sharedRoom(context: Context, body: JsonObject = {}): Promise<SharedRoom> {
  const [alice, bob] = [await aliceOf(context), await bobOf(context)];
  const room = await createRoom(alice, { preset: "public_chat", ...body });
  await needed(bob.post(path`/rooms/${room}/join`));
  return { alice, bob, room };
}

let sent = 0;

export function send(
  client: Client,
  room: string,
  type: string,
  content: JsonObject,
  txnId?: string,
): Promise<Exchange> {
  sent += 1;
  return client.put(path`/rooms/${room}/send/${type}/${txnId ?? `contract-${Date.now()}-${sent}`}`, content);
}

/** Sends a message and returns its event ID. */
export async function say(client: Client, room: string, body: string, more: JsonObject = {}): Promise<string> {
  return neededString(send(client, room, "m.room.message", { msgtype: "m.text", body, ...more }), "event_id");
}

export async function sayAll(client: Client, room: string, count: number, more: JsonObject = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let number = 1; number <= count; number += 1) ids.push(await say(client, room, `message ${number}`, more));
  return ids;
}

/** The objects of a list in an answer; none where it is no list. */
export function objectsIn(value: unknown, key: string): readonly JsonObject[] {
  const list = member(value, key);
  return Array.isArray(list) ? list.filter(isObject) : [];
}

export function idsIn(value: unknown, key: string, id = "event_id"): readonly string[] {
  return objectsIn(value, key).flatMap((entry) => stringMember(entry, id) ?? []);
}

interface Pages {
  readonly ids: readonly string[];
  readonly last: Exchange;
  readonly pages: number;
}

/** Pages on until the server says that there is nothing more. Whoever never says so is stopped, and blamed by the caller. */
export async function allPages(
  ask: (from: string | undefined) => Promise<Exchange>,
  { items, next, id = "event_id", most = 60 }: { items: string; next: string; id?: string; most?: number },
): Promise<Pages & { readonly ended: boolean }> {
  const ids: string[] = [];
  let from: string | undefined;
  for (let pages = 1; ; pages += 1) {
    const last = await needed(ask(from));
    if (!Array.isArray(member(last.json, items))) throw new Blocked(last, `the page had to have a list \`${items}\``);
    ids.push(...idsIn(last.json, items, id));
    from = stringMember(last.json, next);
    if (from === undefined || pages === most) return { ids, last, pages, ended: from === undefined };
  }
}

/** What two lists of IDs differ in, in words; undefined where they are the same, order included. */
export function difference(found: readonly string[], wanted: readonly string[]): string | undefined {
  const twice = found.find((id, index) => found.indexOf(id) !== index);
  if (twice !== undefined) return `${twice} twice`;
  const missing = wanted.filter((id) => !found.includes(id));
  if (missing.length > 0) return `${missing.length} of ${wanted.length} missing, ${missing[0]} first`;
  const stray = found.find((id) => !wanted.includes(id));
  if (stray !== undefined) return `${stray}, which does not belong there`;
  return found.every((id, index) => id === wanted[index]) ? undefined : "all of them, in another order";
}
