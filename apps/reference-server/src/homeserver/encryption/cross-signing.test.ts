import { afterAll, describe, expect, test } from "vitest";
import { signJson } from "../../crypto/signing-keys.ts";
import { passwordOf } from "../fixtures/homeserver.ts";
import type { Session } from "../fixtures/homeserver.ts";
import { createIdentity, createSigningKey, crossSigningKey } from "./fixtures/keys.ts";
import { startKeyServer } from "./fixtures/key-server.ts";

const home = await startKeyServer();
const stranger = await home.register("stranger");

afterAll(() => home[Symbol.asyncDispose]());

const path = "/v3/keys/device_signing/upload";
const upload = (user: Session, body: object) => home.post(user, "keys/device_signing/upload", body);
const confirmed = ({ access_token: token, user_id }: Session, body: object) =>
  home.authenticated("POST", path, passwordOf(user_id), { token, body });
const see = (viewer: Session, { user_id }: Session) => home.query(viewer, [user_id]);

describe("what others see", () => {
  test("everybody gets the master and self-signing key, the user-signing key only its owner", async () => {
    const user = await home.newUser();
    const { body } = createIdentity(user.user_id);
    expect(await upload(user, body)).toMatchObject({ status: 200, body: {} });
    const shared = {
      master_keys: { [user.user_id]: body.master_key },
      self_signing_keys: { [user.user_id]: body.self_signing_key },
    };
    const own = await see(user, user);
    expect(own).toMatchObject({ ...shared, user_signing_keys: { [user.user_id]: body.user_signing_key } });
    const others = await see(stranger, user);
    expect(others).toMatchObject(shared);
    expect(others.user_signing_keys).toEqual({});
    expect(JSON.stringify(others)).not.toContain('user_signing"]');
  });

  test("a deactivated account shows nothing", async () => {
    const user = await home.newUser();
    await upload(user, createIdentity(user.user_id).body);
    await home.uploadKeys(user);
    expect(Object.keys((await see(stranger, user)).device_keys[user.user_id] ?? {})).toEqual([user.device_id]);
    const { access_token: token } = user;
    const closed = await home.authenticated("POST", "/v3/account/deactivate", passwordOf(user.user_id), { token });
    expect(closed.status).toBe(200);
    expect(await see(stranger, user)).toEqual({
      device_keys: { [user.user_id]: {} },
      master_keys: {},
      self_signing_keys: {},
      user_signing_keys: {},
      failures: {},
    });
  });
});

describe("authentication", () => {
  test("is not asked for with the first keys, nor with the same again", async () => {
    const user = await home.newUser();
    const { body } = createIdentity(user.user_id);
    for (let time = 0; time < 2; time++) expect((await upload(user, body)).status).toBe(200);
    expect((await upload(user, { master_key: body.master_key })).status).toBe(200);
  });

  test("is asked for before a key is replaced or added", async () => {
    const user = await home.newUser();
    const { body, master } = createIdentity(user.user_id);
    await upload(user, { master_key: body.master_key });
    const added = { self_signing_key: body.self_signing_key };
    for (const request of [added, { ...body, ...added }, createIdentity(user.user_id).body, {}]) {
      expect(await upload(user, request)).toMatchObject({
        status: 401,
        body: { flows: [{ stages: ["m.login.password"] }] },
      });
    }
    expect((await see(user, user)).self_signing_keys).toEqual({});
    expect((await confirmed(user, added)).status).toBe(200);
    const other = createSigningKey();
    const replaced = signJson(crossSigningKey(user.user_id, "self_signing", other), user.user_id, master);
    expect((await confirmed(user, { self_signing_key: replaced })).status).toBe(200);
    expect((await see(stranger, user)).self_signing_keys).toEqual({ [user.user_id]: replaced });
  });

  test("one of many first uploads at the same time is taken, the others are not", async () => {
    const user = await home.newUser();
    const identities = Array.from({ length: 20 }, () => createIdentity(user.user_id));
    const answers = await Promise.all(identities.map(({ body }) => upload(user, body)));
    const taken = identities.filter((_, index) => answers[index]?.status === 200);
    expect(taken).toHaveLength(1);
    expect((await see(user, user)).master_keys[user.user_id]).toEqual(taken[0]?.body.master_key);
  });
});

describe("keys that are refused", () => {
  test("without a valid signature of the master key", async () => {
    const user = await home.newUser();
    const [{ body }, other] = [createIdentity(user.user_id), createIdentity(user.user_id)];
    for (const usage of ["self_signing_key", "user_signing_key"] as const) {
      const { signatures: _signatures, ...unsigned } = body[usage];
      const altered = { ...body[usage], keys: other.body[usage]["keys"] };
      for (const key of [unsigned, altered, other.body[usage]]) {
        expect(await upload(user, { ...body, [usage]: key })).toMatchObject({
          status: 400,
          body: { errcode: "M_INVALID_SIGNATURE" },
        });
      }
    }
    expect((await see(user, user)).master_keys).toEqual({});
  });

  test("without any master key", async () => {
    const user = await home.newUser();
    const { self_signing_key } = createIdentity(user.user_id).body;
    expect(await upload(user, { self_signing_key })).toMatchObject({
      status: 400,
      body: { errcode: "M_MISSING_PARAM" },
    });
  });

  test("for another user or usage, under another ID, or for two usages", async () => {
    const user = await home.newUser();
    const { body, master } = createIdentity(user.user_id);
    const { publicKey } = createSigningKey();
    const faulty = [
      createIdentity(stranger.user_id).body,
      { master_key: { ...body.master_key, usage: ["self_signing"] } },
      { master_key: { ...body.master_key, keys: { [master.keyId]: publicKey } } },
      {
        ...body,
        self_signing_key: signJson(crossSigningKey(user.user_id, "self_signing", master), user.user_id, master),
      },
    ];
    for (const request of faulty) {
      expect(await upload(user, request)).toMatchObject({ status: 400, body: { errcode: "M_BAD_JSON" } });
    }
    expect((await see(user, user)).master_keys).toEqual({});
  });

  test("a key that is the ID of a device, and a device whose ID is a key", async () => {
    const user = await home.newUser();
    const [before, after] = [createIdentity(user.user_id), createIdentity(user.user_id)];
    const login = (device_id: string) => home.login(user.user_id, { device_id });
    expect((await login(before.selfSigning.publicKey)).status).toBe(200);
    expect(await upload(user, before.body)).toMatchObject({ status: 403, body: { errcode: "M_FORBIDDEN" } });
    expect((await upload(user, after.body)).status).toBe(200);
    for (const { publicKey } of [after.master, after.selfSigning, after.userSigning]) {
      expect(await login(publicKey)).toMatchObject({ status: 403, body: { errcode: "M_FORBIDDEN" } });
    }
  });
});
