import { needed, neededString, path } from "../client-server/client.ts";
import type { Client } from "../client-server/client.ts";
import type { OperationId } from "../client-server/operations.ts";
import type { Flow } from "./flow.ts";
import { asAlice, inScene } from "./flow.ts";

const rule = "/pushrules/global/content/org.contract.walk";

const pusher = {
  kind: "http",
  app_id: "org.contract.walk",
  pushkey: "contract-walk",
  app_display_name: "Contract",
  device_display_name: "walk",
  lang: "en",
  data: { url: "https://push.example.org/_matrix/push/v1/notify" },
};

/** Following what happens, and what the server keeps for a user. */
export const userDataWalk = {
  sync: asAlice((alice) => alice.get("/sync")),
  defineFilter: asAlice((alice) =>
    alice.post(path`/user/${alice.userId}/filter`, { room: { timeline: { limit: 1 } } }),
  ),
  getFilter: asAlice(async (alice) => {
    const filter = await neededString(alice.post(path`/user/${alice.userId}/filter`, {}), "filter_id");
    await alice.get(path`/user/${alice.userId}/filter/${filter}`);
  }),
  getEvents: asAlice((alice) => alice.get("/events", { timeout: "0" })),
  getOneEvent: inScene(({ alice, event }) => alice.get(path`/events/${event}`)),
  initialSync: asAlice((alice) => alice.get("/initialSync", { limit: "1" })),
  roomInitialSync: inScene(({ alice, room }) => alice.get(path`/rooms/${room}/initialSync`)),
  postReceipt: inScene(({ bob, room, event }) => bob.post(path`/rooms/${room}/receipt/m.read/${event}`)),
  setReadMarker: inScene(({ bob, room, event }) =>
    bob.post(path`/rooms/${room}/read_markers`, { "m.fully_read": event }),
  ),
  setTyping: inScene(({ bob, room }) => bob.put(path`/rooms/${room}/typing/${bob.userId}`, { typing: false })),
  setPresence: asAlice((alice) => alice.put(path`/presence/${alice.userId}/status`, { presence: "online" })),
  getPresence: asAlice((alice) => alice.get(path`/presence/${alice.userId}/status`)),
  setProfileField: asAlice((alice) => alice.put(path`/profile/${alice.userId}/displayname`, { displayname: "Alice" })),
  getProfileField: asAlice(async (alice) => {
    const url = path`/profile/${alice.userId}/displayname`;
    await needed(alice.put(url, { displayname: "Alice" }));
    await alice.get(url);
  }),
  getUserProfile: asAlice((alice) => alice.get(path`/profile/${alice.userId}`)),
  deleteProfileField: asAlice((alice) => alice.delete(path`/profile/${alice.userId}/displayname`)),
  setAccountData: asAlice((alice) =>
    alice.put(path`/user/${alice.userId}/account_data/org.contract.walk`, { on: true }),
  ),
  getAccountData: asAlice(async (alice) => {
    const url = path`/user/${alice.userId}/account_data/org.contract.walk`;
    await needed(alice.put(url, { on: true }));
    await alice.get(url);
  }),
  setAccountDataPerRoom: inScene(({ alice, room }) =>
    alice.put(path`/user/${alice.userId}/rooms/${room}/account_data/org.contract.walk`, { on: true }),
  ),
  getAccountDataPerRoom: inScene(async ({ alice, room }) => {
    const url = path`/user/${alice.userId}/rooms/${room}/account_data/org.contract.walk`;
    await needed(alice.put(url, { on: true }));
    await alice.get(url);
  }),
  getRoomTags: inScene(({ alice, room }) => alice.get(path`/user/${alice.userId}/rooms/${room}/tags`)),
  setRoomTag: inScene(({ alice, room }) => alice.put(path`/user/${alice.userId}/rooms/${room}/tags/u.walk`, {})),
  deleteRoomTag: inScene(({ alice, room }) => alice.delete(path`/user/${alice.userId}/rooms/${room}/tags/u.walk`)),
  searchUserDirectory: inScene(({ alice }) => alice.post("/user_directory/search", { search_term: "contract" })),
  getPushers: asAlice((alice) => alice.get("/pushers")),
  postPusher: asAlice(async (alice) => {
    await needed(alice.post("/pushers/set", pusher));
    const { app_id, pushkey } = pusher;
    await alice.post("/pushers/set", { app_id, pushkey, kind: null });
  }),
  getNotifications: asAlice((alice) => alice.get("/notifications", { limit: "1" })),
  getPushRules: asAlice((alice) => alice.get("/pushrules/")),
  getPushRulesGlobal: asAlice((alice) => alice.get("/pushrules/global/")),
  setPushRule: asAlice((alice) => alice.put(rule, { pattern: "walk", actions: ["notify"] })),
  getPushRule: withRule((alice) => alice.get(rule)),
  setPushRuleEnabled: withRule((alice) => alice.put(`${rule}/enabled`, { enabled: true })),
  isPushRuleEnabled: withRule((alice) => alice.get(`${rule}/enabled`)),
  setPushRuleActions: withRule((alice) => alice.put(`${rule}/actions`, { actions: [] })),
  getPushRuleActions: withRule((alice) => alice.get(`${rule}/actions`)),
  deletePushRule: withRule((alice) => alice.delete(rule)),
} satisfies Partial<Record<OperationId, Flow>>;

function withRule(go: (alice: Client) => Promise<unknown>): Flow {
  return asAlice(async (alice) => {
    await needed(alice.put(rule, { pattern: "walk", actions: ["notify"] }));
    await go(alice);
  });
}
