import { needed, neededString, path } from "../client-server/client.ts";
import type { Client } from "../client-server/client.ts";
import { aliceDevice, claim, newKeys, query } from "../client-server/device-keys.ts";
import { createBackup, session_data } from "../client-server/keys.ts";
import { fileOf, upload } from "../client-server/media.ts";
import type { OperationId } from "../client-server/operations.ts";
import { syncOf } from "../client-server/synced.ts";
import type { Context } from "../context.ts";
import { NotOffered } from "../outcome.ts";
import type { Flow } from "./flow.ts";
import { asAlice, inScene } from "./flow.ts";

const key = { first_message_index: 0, forwarded_count: 0, is_verified: true, session_data };
const room = "!contract:example.org";

/** Keys of devices, of users, and of rooms. */
export const keyWalk = {
  sendToDevice: inScene(({ alice, bob }, { random }) =>
    alice.put(path`/sendToDevice/org.contract.walk/${random(10)}`, { messages: { [bob.userId]: { "*": {} } } }),
  ),
  uploadKeys: (context) => aliceDevice(context),
  queryKeys: inScene(({ alice, bob }) => query(bob, alice.userId)),
  claimKeys: inScene(async ({ bob }, context) => {
    const device = await aliceDevice(context);
    await needed(device.client.post("/keys/upload", { one_time_keys: newKeys(device, ["WALKED"]) }));
    await claim(bob, device.client);
  }),
  getKeysChanges: asAlice(async (alice) => {
    const { next } = await syncOf(alice);
    await alice.get("/keys/changes", { from: next, to: next });
  }),
  uploadCrossSigningSignatures: async (context) => {
    const { client, deviceKeys } = await aliceDevice(context);
    await client.post("/keys/signatures/upload", { [client.userId]: { [client.deviceId]: deviceKeys } });
  },
  postRoomKeysVersion: inBackup(async () => {}),
  getRoomKeysVersionCurrent: inBackup((alice) => alice.get("/room_keys/version")),
  getRoomKeysVersion: inBackup((alice, version) => alice.get(`/room_keys/version/${version}`)),
  putRoomKeysVersion: inBackup(async (alice, version) => {
    const { algorithm, auth_data } = Object((await needed(alice.get(`/room_keys/version/${version}`))).json) as Record<
      string,
      unknown
    >; // a member that is not there is left out of the JSON
    await alice.put(`/room_keys/version/${version}`, { algorithm, auth_data, version });
  }),
  putRoomKeys: backedUp("put", "", { rooms: { [room]: { sessions: { session: key } } } }),
  getRoomKeys: backedUp("get", ""),
  deleteRoomKeys: backedUp("delete", ""),
  putRoomKeysByRoomId: backedUp("put", path`/${room}`, { sessions: { session: key } }),
  getRoomKeysByRoomId: backedUp("get", path`/${room}`),
  deleteRoomKeysByRoomId: backedUp("delete", path`/${room}`),
  putRoomKeyBySessionId: backedUp("put", path`/${room}/session`, key),
  getRoomKeyBySessionId: backedUp("get", path`/${room}/session`),
  deleteRoomKeyBySessionId: backedUp("delete", path`/${room}/session`),
  deleteRoomKeysVersion: inBackup(async () => {}),
} satisfies Partial<Record<OperationId, Flow>>;

function inBackup(go: (alice: Client, version: string) => Promise<unknown>): Flow {
  return asAlice(async (alice) => {
    const version = await createBackup(alice);
    await go(alice, version);
    await alice.delete(`/room_keys/version/${version}`);
  });
}

function backedUp(method: "get" | "put" | "delete", rest: string, body: object = key): Flow {
  return inBackup(async (alice, version) => {
    const url = `/room_keys/keys${rest}`;
    const query_ = { version };
    if (method === "put") return alice.put(url, body, { query: query_ });
    await needed(alice.put(path`/room_keys/keys/${room}/session`, key, { query: query_ }));
    return method === "get" ? alice.get(url, query_) : alice.delete(url, { query: query_ });
  });
}

/** One pixel. */
const image = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

const [authenticated, open] = ["/_matrix/client/v1/media", "/_matrix/media/v3"];
const size = { width: "1", height: "1", method: "scale" };

/** Files, in the present form and in the one before it. */
export const fileWalk = {
  createContent: asAlice((alice) => alice.post("/_matrix/media/v1/create")),
  uploadContent: asAlice((alice) => upload(alice, image, "image/png")),
  uploadContentToMXC: asAlice(async (alice) => {
    const file = fileOf(await neededString(alice.post("/_matrix/media/v1/create"), "content_uri"));
    await alice.put(`/_matrix/media/v3/upload/${file}`, image, { headers: { "content-type": "image/png" } });
  }),
  getConfigAuthed: asAlice((alice) => alice.get(`${authenticated}/config`)),
  getContentAuthed: withFile((alice, file) => alice.get(`${authenticated}/download/${file}`)),
  getContentOverrideNameAuthed: withFile((alice, file) => alice.get(`${authenticated}/download/${file}/dot.png`)),
  getContentThumbnailAuthed: withFile((alice, file) => alice.get(`${authenticated}/thumbnail/${file}`, size)),
  getUrlPreviewAuthed: previewing(`${authenticated}/preview_url`),
  getConfig: asAlice((alice) => alice.get(`${open}/config`)),
  getContent: withFile((alice, file) => alice.get(`${open}/download/${file}`)),
  getContentOverrideName: withFile((alice, file) => alice.get(`${open}/download/${file}/dot.png`)),
  getContentThumbnail: withFile((alice, file) => alice.get(`${open}/thumbnail/${file}`, size)),
  getUrlPreview: previewing(`${open}/preview_url`),
} satisfies Partial<Record<OperationId, Flow>>;

function withFile(go: (alice: Client, file: string) => Promise<unknown>): Flow {
  return asAlice(async (alice) => go(alice, await upload(alice, image, "image/png")));
}

function previewing(url: string): Flow {
  return asAlice((alice, { options }: Context) => {
    if (options.previewUrl === undefined) throw new NotOffered("needs a page to preview (--preview-url)");
    return alice.get(url, { url: options.previewUrl });
  });
}
