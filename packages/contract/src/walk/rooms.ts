import { aliceOf, bobOf, needed, neededString, path, serverOf } from "../client-server/client.ts";
import type { OperationId } from "../client-server/operations.ts";
import { createRoom, say, send, sharedRoom } from "../client-server/room.ts";
import { setState } from "../client-server/state.ts";
import type { Context } from "../context.ts";
import { member, stringMember } from "../json.ts";
import type { Flow } from "./flow.ts";
import { asAlice, inScene } from "./flow.ts";

const v1 = "/_matrix/client/v1";

/** Rooms, who is in them, and how they are found. */
export const roomWalk = {
  createRoom: asAlice((alice) => createRoom(alice)),
  joinRoom: async (context) => {
    const room = await createRoom(await aliceOf(context), { preset: "public_chat" });
    await (await bobOf(context)).post(path`/join/${room}`);
  },
  joinRoomById: (context) => sharedRoom(context),
  getJoinedRooms: asAlice((alice) => alice.get("/joined_rooms")),
  knockRoom: async (context) => {
    const join_rules = { type: "m.room.join_rules", state_key: "", content: { join_rule: "knock" } };
    const room = await createRoom(await aliceOf(context), { initial_state: [join_rules] });
    await (await bobOf(context)).post(path`/knock/${room}`, { reason: "May I?" });
  },
  inviteUser: async (context) => {
    const [alice, bob] = [await aliceOf(context), await bobOf(context)];
    await alice.post(path`/rooms/${await createRoom(alice)}/invite`, { user_id: bob.userId });
  },
  leaveRoom: leaving("leave"),
  forgetRoom: leaving("forget"),
  kick: moderating("kick"),
  ban: moderating("ban"),
  unban: moderating("unban"),
  setRoomAlias: naming("put"),
  getRoomIdByAlias: naming("get"),
  deleteRoomAlias: naming("delete"),
  getLocalAliases: inScene(({ alice, room }) => alice.get(path`/rooms/${room}/aliases`)),
  getRoomVisibilityOnDirectory: inScene(({ alice, room }) => alice.get(path`/directory/list/room/${room}`)),
  setRoomVisibilityOnDirectory: inScene(({ alice, room }) =>
    alice.put(path`/directory/list/room/${room}`, { visibility: "private" }),
  ),
  // It needs no token, but a server may keep its directory to its users.
  getPublicRooms: async (context) => {
    const open = await context.homeserver.get("/_matrix/client/v3/publicRooms", { query: { limit: "1" } });
    if (open.status === 401) await (await aliceOf(context)).get("/publicRooms", { limit: "1" });
  },
  queryPublicRooms: asAlice((alice) => alice.post("/publicRooms", { limit: 1 })),
  getRoomSummary: inScene(({ alice, room }) => alice.get(path`/_matrix/client/v1/room_summary/${room}`)),
  upgradeRoom: asAlice(async (alice) => {
    const capabilities = member((await needed(alice.get("/capabilities"))).json, "capabilities");
    const new_version = stringMember(member(capabilities, "m.room_versions"), "default") ?? "11";
    await alice.post(path`/rooms/${await createRoom(alice)}/upgrade`, { new_version });
  }),
  getSpaceHierarchy: inScene(({ alice, room }) => alice.get(path`/_matrix/client/v1/rooms/${room}/hierarchy`)),
  getMutualRooms: inScene(({ alice, bob }) => alice.get(`${v1}/mutual_rooms`, { user_id: bob.userId })),
} satisfies Partial<Record<OperationId, Flow>>;

/** What is said in rooms, and how it is read. */
export const eventWalk = {
  sendMessage: inScene(({ alice, room }) => say(alice, room, "one more")),
  getRoomState: inScene(({ alice, room }) => alice.get(path`/rooms/${room}/state`)),
  setRoomStateWithKey: inScene(({ alice, room }) => setState(alice, room, "m.room.topic", { topic: "A walk" })),
  getRoomStateWithKey: inScene(({ alice, room }) => alice.get(path`/rooms/${room}/state/m.room.topic/`)),
  redactEvent: inScene(async ({ alice, room }) => {
    const event = await say(alice, room, "taken back");
    await alice.put(path`/rooms/${room}/redact/${event}/${`walk-${event}`}`);
  }),
  getOneRoomEvent: inScene(({ alice, room, event }) => alice.get(path`/rooms/${room}/event/${event}`)),
  getEventContext: inScene(({ alice, room, event }) => alice.get(path`/rooms/${room}/context/${event}`)),
  getRoomEvents: inScene(({ alice, room }) => alice.get(path`/rooms/${room}/messages`, { dir: "b" })),
  getMembersByRoom: inScene(({ alice, room }) => alice.get(path`/rooms/${room}/members`)),
  getJoinedMembersByRoom: inScene(({ alice, room }) => alice.get(path`/rooms/${room}/joined_members`)),
  getEventByTimestamp: inScene(({ alice, room }) =>
    alice.get(path`/_matrix/client/v1/rooms/${room}/timestamp_to_event`, { ts: "0", dir: "f" }),
  ),
  getRelatingEvents: relating(""),
  getRelatingEventsWithRelType: relating("/m.annotation"),
  getRelatingEventsWithRelTypeAndEventType: relating("/m.annotation/m.reaction"),
  getThreadRoots: inScene(({ alice, room }) => alice.get(path`/_matrix/client/v1/rooms/${room}/threads`)),
  search: asAlice((alice) => alice.post("/search", { search_categories: { room_events: { search_term: "walk" } } })),
  reportRoom: inScene(({ bob, room }) => bob.post(path`/rooms/${room}/report`, { reason: "contract test" })),
  reportEvent: inScene(({ bob, room, event }) =>
    bob.post(path`/rooms/${room}/report/${event}`, { reason: "contract test" }),
  ),
  reportUser: inScene(({ alice, bob }) => bob.post(path`/users/${alice.userId}/report`, { reason: "contract test" })),
} satisfies Partial<Record<OperationId, Flow>>;

function leaving(how: "leave" | "forget"): Flow {
  return async (context) => {
    const { bob, room } = await sharedRoom(context);
    await needed(bob.post(path`/rooms/${room}/leave`));
    if (how === "forget") await bob.post(path`/rooms/${room}/forget`);
  };
}

function moderating(action: "kick" | "ban" | "unban"): Flow {
  return async (context) => {
    const { alice, bob, room } = await sharedRoom(context);
    const user_id = bob.userId;
    if (action === "unban") await needed(alice.post(path`/rooms/${room}/ban`, { user_id }));
    await alice.post(path`/rooms/${room}/${action}`, { user_id });
  };
}

function naming(step: "put" | "get" | "delete"): Flow {
  return async (context: Context) => {
    const alice = await aliceOf(context);
    const url = path`/directory/room/${`#contract-${context.random(10)}:${serverOf(alice)}`}`;
    await needed(alice.put(url, { room_id: await createRoom(alice) }));
    if (step === "get") await alice.get(url);
    await alice.delete(url);
  };
}

function relating(rest: string): Flow {
  return inScene(async ({ alice, room, event }) => {
    const relation = { rel_type: "m.annotation", event_id: event, key: "🚶" };
    await neededString(
      send(alice, room, "m.reaction", { "m.relates_to": { ...relation, key: `🚶${rest}` } }),
      "event_id",
    );
    await alice.get(`${path`/_matrix/client/v1/rooms/${room}/relations/${event}`}${rest}`);
  });
}
