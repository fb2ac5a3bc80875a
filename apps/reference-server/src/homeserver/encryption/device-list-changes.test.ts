import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { passwordOf } from "../fixtures/homeserver.ts";
import type { Session } from "../fixtures/homeserver.ts";
import { streamPosition } from "../../storage/stream.ts";
import { createIdentity, signedAlone } from "./fixtures/keys.ts";
import { startKeyServer } from "./fixtures/key-server.ts";

let alice: Session;
let bob: Session;
let carol: Session;

const home = await startKeyServer();

afterAll(() => home[Symbol.asyncDispose]());

beforeEach(async () => {
  [alice, bob, carol] = [await home.newUser("alice"), await home.newUser("bob"), await home.newUser("carol")];
});

const post = async (user: Session, path: string, body: object = {}) => {
  const answer = await home.post(user, path, body);
  if (answer.status !== 200) throw new Error(`POST ${path} failed: ${answer.text}`);
  return answer;
};

const encryption = { type: "m.room.encryption", state_key: "", content: { algorithm: "m.megolm.v1.aes-sha2" } };

/** Public, with all of them in it. */
async function room(members: readonly Session[], { encrypted = true } = {}): Promise<string> {
  const [creator, ...others] = members;
  if (creator === undefined) throw new Error("a room has a creator");
  const initial_state = encrypted ? [encryption] : [];
  const { body } = await post(creator, "createRoom", { preset: "public_chat", initial_state });
  const roomId = body["room_id"] as string;
  for (const other of others) await join(other, roomId);
  return roomId;
}
const join = (user: Session, roomId: string) => post(user, `rooms/${roomId}/join`);
const leave = (user: Session, roomId: string) => post(user, `rooms/${roomId}/leave`);
const uploadKeys = (user: Session) => home.uploadKeys(user);

/** What the viewer is told of what `happens`. */
async function changesAfter(viewer: Session, happens: () => Promise<unknown>) {
  const from = `s${await streamPosition(home.db)}`;
  await happens();
  return changes(viewer, from, `s${await streamPosition(home.db)}`);
}

async function changes(viewer: Session, from: string, to: string) {
  const answer = await home.call("GET", "/v3/keys/changes", { token: viewer.access_token, query: { from, to } });
  expect(answer.status).toBe(200);
  return answer.body as unknown as { readonly changed: string[]; readonly left: string[] }; // as it was validated
}

const nothing = { changed: [], left: [] };
const changed = (...users: Session[]) => ({ changed: users.map(({ user_id }) => user_id).toSorted(), left: [] });
const left = (...users: Session[]) => ({ changed: [], left: users.map(({ user_id }) => user_id).toSorted() });

describe("new keys", () => {
  test("are told to those who share a room, encrypted or not, and to the user", async () => {
    await room([alice, bob], { encrypted: false });
    expect(await changesAfter(bob, () => uploadKeys(alice))).toEqual(changed(alice));
    expect(await changesAfter(alice, () => uploadKeys(alice))).toEqual(changed(alice));
    expect(await changesAfter(carol, () => uploadKeys(alice))).toEqual(nothing);
    await room([alice, carol], { encrypted: false });
    expect(await changesAfter(carol, () => uploadKeys(alice))).toEqual(changed(alice));
  });

  test("are not told to who has left or is only invited", async () => {
    const roomId = await room([alice, bob], { encrypted: false });
    await leave(bob, roomId);
    await post(alice, `rooms/${roomId}/invite`, { user_id: carol.user_id });
    for (const viewer of [bob, carol]) expect(await changesAfter(viewer, () => uploadKeys(alice))).toEqual(nothing);
  });

  test("are the device's that was deleted, or renamed, too; devices without keys are nobody's business", async () => {
    await room([alice, bob]);
    const other = async () => (await home.login(alice.user_id, { device_id: "TABLET" })).body;
    expect(await changesAfter(bob, other)).toEqual(nothing);
    const tablet = await other();
    const rename = (display_name: string) =>
      home.call("PUT", "/v3/devices/TABLET", { token: alice.access_token, body: { display_name } });
    expect(await changesAfter(bob, () => rename("one"))).toEqual(nothing);
    await uploadKeys(tablet);
    expect(await changesAfter(bob, () => rename("two"))).toEqual(changed(alice));
    expect(await changesAfter(bob, () => post(tablet, "logout"))).toEqual(changed(alice));
    const nextTablet = await other();
    expect(await changesAfter(bob, () => post(nextTablet, "logout"))).toEqual(nothing);
    await uploadKeys(alice);
    expect(await changesAfter(bob, () => post(alice, "logout/all"))).toEqual(changed(alice));
  });

  test("are those of an account that is closed", async () => {
    await room([alice, bob]);
    await uploadKeys(alice);
    const { access_token: token } = alice;
    const close = () => home.authenticated("POST", "/v3/account/deactivate", passwordOf(alice.user_id), { token });
    const { changed: users, left: gone } = await changesAfter(bob, close);
    expect([...users, ...gone]).toEqual([alice.user_id]);
  });

  test("are cross-signing keys and signatures, as far as others see them", async () => {
    await room([alice, bob]);
    const [identity, bobs] = [createIdentity(alice.user_id), createIdentity(bob.user_id)];
    const { master_key, self_signing_key, user_signing_key } = identity.body;
    const upload = (keys: object) => () =>
      home.authenticated("POST", "/v3/keys/device_signing/upload", passwordOf(alice.user_id), {
        token: alice.access_token,
        body: keys,
      });
    expect(await changesAfter(bob, upload({ master_key, self_signing_key }))).toEqual(changed(alice));
    expect(await changesAfter(bob, upload({ master_key, self_signing_key }))).toEqual(nothing);
    expect(await changesAfter(bob, upload({ user_signing_key }))).toEqual(nothing);
    const third = createIdentity(alice.user_id).body;
    expect(await changesAfter(alice, upload(third))).toEqual(changed(alice));
    await upload(identity.body)();

    await post(bob, "keys/device_signing/upload", bobs.body);
    const verify = () =>
      post(alice, "keys/signatures/upload", {
        [bob.user_id]: {
          [bobs.master.publicKey]: signedAlone(bobs.body.master_key, alice.user_id, identity.userSigning),
        },
      });
    expect(await changesAfter(alice, verify)).toEqual(changed(bob));
    expect(await changesAfter(bob, verify)).toEqual(nothing);
  });
});

describe("encrypted rooms", () => {
  test("to be in one together is a change, to be so no more is leaving", async () => {
    const roomId = await room([alice, bob]);
    expect(await changesAfter(alice, () => join(carol, roomId))).toEqual(changed(carol));
    expect(await changesAfter(alice, () => leave(carol, roomId))).toEqual(left(carol));
    expect(await changesAfter(carol, () => join(carol, roomId))).toEqual(changed(alice, bob));
    expect(await changesAfter(carol, () => leave(carol, roomId))).toEqual(left(alice, bob));
    expect(await changesAfter(bob, () => post(alice, `rooms/${roomId}/kick`, { user_id: bob.user_id }))).toEqual(
      left(alice),
    );
  });

  test("who has another one together with the user neither comes nor goes", async () => {
    const [one] = [await room([alice, bob]), await room([alice, bob]), await room([alice, bob], { encrypted: false })];
    expect(await changesAfter(alice, () => leave(bob, one))).toEqual(nothing);
    expect(await changesAfter(bob, () => join(bob, one))).toEqual(nothing);
    expect(await changesAfter(alice, () => room([alice, bob]))).toEqual(nothing);
  });

  test("a room without encryption does not count until it has it", async () => {
    const roomId = await room([alice, bob], { encrypted: false });
    expect(await changesAfter(alice, () => join(carol, roomId))).toEqual(nothing);
    const encrypt = () =>
      home.call("PUT", `/v3/rooms/${roomId}/state/m.room.encryption/`, {
        token: alice.access_token,
        body: encryption.content,
      });
    expect(await changesAfter(carol, encrypt)).toEqual(changed(alice, bob));
    expect(await changesAfter(alice, () => leave(carol, roomId))).toEqual(left(carol));
  });

  test("coming and going again in between is no change", async () => {
    const roomId = await room([alice, bob]);
    const [joinAndLeave, leaveAndJoin] = [
      async () => (await join(carol, roomId), leave(carol, roomId)),
      async () => (await leave(bob, roomId), join(bob, roomId)),
    ];
    for (const happens of [joinAndLeave, leaveAndJoin]) expect(await changesAfter(alice, happens)).toEqual(nothing);
  });

  test("who leaves and gets new keys has left, and is a change when coming again", async () => {
    const roomId = await room([alice, bob]);
    expect(await changesAfter(alice, async () => (await leave(bob, roomId), uploadKeys(bob)))).toEqual(left(bob));
    expect(await changesAfter(alice, () => join(bob, roomId))).toEqual(changed(bob));
  });

  test("who has new keys and is still in a room without encryption is in both lists", async () => {
    await room([alice, bob], { encrypted: false });
    const roomId = await room([alice, bob]);
    expect(await changesAfter(alice, async () => (await leave(bob, roomId), uploadKeys(bob)))).toEqual({
      changed: [bob.user_id],
      left: [bob.user_id],
    });
  });

  test("many small steps tell what one large one does", async () => {
    const start = await streamPosition(home.db);
    const roomId = await room([alice, bob]);
    await uploadKeys(bob);
    await join(carol, roomId);
    await leave(bob, roomId);
    const end = await streamPosition(home.db);
    const sharing = new Set<string>();
    for (let position = start; position < end; position++) {
      const step = await changes(alice, `s${position}`, `s${position + 1}`);
      for (const user of step.left) sharing.delete(user);
      for (const user of step.changed) sharing.add(user);
    }
    expect([...sharing]).toEqual([carol.user_id]);
    expect(await changes(alice, `s${start}`, `s${end}`)).toEqual(changed(carol));
  });
});

describe("tokens", () => {
  test("nothing happens between a point and itself, or backwards, or after the end", async () => {
    await room([alice, bob]);
    const end = await streamPosition(home.db);
    for (const [from, to] of [
      [end, end],
      [end, 1],
      [end + 5, end + 9],
    ] as const) {
      expect(await changes(alice, `s${from}`, `s${to}`)).toEqual(nothing);
    }
  });

  test.each([
    { from: "x", to: "s1" },
    { from: "s1", to: "1" },
    { from: "s-1", to: "s1" },
  ])("$from to $to is refused", async (query) => {
    expect(await home.call("GET", "/v3/keys/changes", { token: alice.access_token, query })).toMatchObject({
      status: 400,
      body: { errcode: "M_INVALID_PARAM" },
    });
  });
});
