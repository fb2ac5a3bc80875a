// Rules about moving a room to another version: https://spec.matrix.org/v1.19/client-server-api/#room-upgrades

import { sameJson } from "../canonical-json.ts";
import type { JsonObject } from "../json.ts";
import { member, stringMember } from "../json.ts";
import { fail, pass } from "../outcome.ts";
import type { Rule } from "../rule.ts";
import { clientServerSpec } from "../rule.ts";
import type { Client } from "./client.ts";
import { aliceOf, isRefused, needed, neededString, path, serverOf } from "./client.ts";
import { createRoom, send, sharedRoom } from "./room.ts";
import { getState, stateField } from "./state.ts";

const specUrl = clientServerSpec("room-upgrades");

export const upgradeTakesSettingsAlong: Rule = {
  id: "cs-95",
  title: "An upgraded room keeps its kind, its encryption and who may do what in it",
  level: "should",
  specUrl,
  reason: "A room that loses its encryption on the way tells the next message to everybody.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const room = await createRoom(alice, {
      creation_content: { type: "org.contract.kind" },
      initial_state: settings.map(([type, content]) => ({ type, state_key: "", content })),
      power_level_content_override: { events_default: 7 },
    });
    const next = await upgrade(alice, room);
    const kind = await getState(alice, next, "m.room.create");
    if (stringMember(kind.json, "type") !== "org.contract.kind") return fail(kind, "the `type` of the old room");
    for (const [type, content] of settings) {
      const copied = await getState(alice, next, type);
      if (!sameJson(copied.json ?? null, content)) return fail(copied, `the ${type} of the old room`);
    }
    const levels = await getState(alice, next, "m.room.power_levels");
    return member(levels.json, "events_default") === 7 ? pass() : fail(levels, "the power levels of the old room");
  },
};

const settings: readonly (readonly [string, JsonObject])[] = [
  ["m.room.topic", { topic: "Moving" }],
  ["m.room.encryption", { algorithm: "m.megolm.v1.aes-sha2" }],
  ["m.room.guest_access", { guest_access: "forbidden" }],
  ["m.room.history_visibility", { history_visibility: "joined" }],
  ["m.room.join_rules", { join_rule: "knock" }],
  ["m.room.server_acl", { allow: ["*"], deny: ["contract.invalid"], allow_ip_literals: true }],
];

export const upgradeMovesAliases: Rule = {
  id: "cs-96",
  title: "The aliases of an upgraded room lead to the new one",
  level: "must",
  specUrl,
  reason: "The address that people have passed on must not end in an empty house.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const alice = await aliceOf(context);
    const room_alias_name = `contract-${context.random(10)}`;
    const next = await upgrade(alice, await createRoom(alice, { room_alias_name }));
    const url = path`/directory/room/${`#${room_alias_name}:${serverOf(alice)}`}`;
    const led = await alice.get(url);
    await alice.delete(url);
    return stringMember(led.json, "room_id") === next ? pass() : fail(led, `the alias to lead to ${next}`);
  },
};

export const upgradeClosesOldRoom: Rule = {
  id: "cs-97",
  title: "Plain members say nothing more in a room that was upgraded",
  level: "should",
  specUrl,
  reason: "Otherwise the conversation splits in two, and neither half knows of the other.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    await upgrade(alice, room);
    const answer = await send(bob, room, "m.room.message", { msgtype: "m.text", body: "still here" });
    return isRefused(answer, 403, "M_FORBIDDEN") ? pass() : fail(answer, "403 M_FORBIDDEN in the old room");
  },
};

export const upgradeIsRefused: Rule = {
  id: "cs-98",
  title: "A room is not upgraded by who may not, nor to a version that the server does not have",
  level: "must",
  specUrl: clientServerSpec("post_matrixclientv3roomsroomidupgrade"),
  reason: "An upgrade cannot be undone: it takes the right to close the room.",
  needs: ["homeserver"],
  testable: true,
  async check(context) {
    const { alice, bob, room } = await sharedRoom(context);
    const url = path`/rooms/${room}/upgrade`;
    const early = await bob.post(url, { new_version: await defaultVersion(alice) });
    if (!isRefused(early, 403, "M_FORBIDDEN")) return fail(early, "403 M_FORBIDDEN for a plain member");
    const unknown = await alice.post(url, { new_version: "org.contract.none" });
    if (!isRefused(unknown, 400, "M_UNSUPPORTED_ROOM_VERSION")) return fail(unknown, "400 M_UNSUPPORTED_ROOM_VERSION");
    const tombstone = await stateField(alice, room, "m.room.tombstone", "replacement_room");
    return tombstone === undefined
      ? pass()
      : fail(unknown, "no tombstone where the upgrade was refused", String(tombstone));
  },
};

async function upgrade(client: Client, room: string): Promise<string> {
  const new_version = await defaultVersion(client);
  return neededString(client.post(path`/rooms/${room}/upgrade`, { new_version }), "replacement_room");
}

async function defaultVersion(client: Client): Promise<string> {
  const capabilities = member((await needed(client.get("/capabilities"))).json, "capabilities");
  return stringMember(member(capabilities, "m.room_versions"), "default") ?? "11";
}
