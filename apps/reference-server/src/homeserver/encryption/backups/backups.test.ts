import { afterAll, describe, expect, test } from "vitest";
import { startHomeserver } from "../../fixtures/homeserver.ts";
import { isBetterKey } from "./better-key.ts";

const home = await startHomeserver();
const stranger = await home.register("stranger");

afterAll(() => home[Symbol.asyncDispose]());

const algorithm = "m.megolm_backup.v1.curve25519-aes-sha2";
const auth_data = { public_key: "NCStIRMiIFlus7MSuDX8buNi/0qFUk+hgV/8V6fBYkY" };
const sessionData = {
  ephemeral: "QapPjh2ZsJTtmII7ALWeEuYWBQkwZDq+QKp52r3DQjc",
  ciphertext: "RItJo443boM3STT08fKcHWc9u99bv3mYtCgDAmVG84d+qVIIJnLngvNXFrpUumtn",
  mac: "k70bklQQ8+I",
};
const key = (fields: object = {}) => ({
  first_message_index: 5,
  forwarded_count: 5,
  is_verified: false,
  session_data: sessionData,
  ...fields,
});

/** A user with what they do to their backups; `version` goes into the query. */
interface Owner {
  (method: string, path: string, body?: object): Promise<{ readonly status: number; readonly body: object }>;
  create(): Promise<string>;
}

let named = 0;
async function newOwner(): Promise<Owner> {
  const { access_token: token } = await home.register(`user${named++}`);
  const call: Owner = Object.assign(
    async (method: string, path: string, body?: object) => {
      const answer = await home.call(method, `/v3/room_keys/${path}`, { token, ...(body !== undefined && { body }) });
      return { status: answer.status, body: answer.body };
    },
    {
      create: async () => {
        const { body } = await call("POST", "version", { algorithm, auth_data });
        return (body as { version: string }).version;
      },
    },
  );
  return call;
}

const notFound = { status: 404, body: { errcode: "M_NOT_FOUND" } };
const full = (count: number, etag: string) => ({ status: 200, body: { count, etag } });
const room = "!room:example.org";
const session = `keys/${encodeURIComponent(room)}/${encodeURIComponent("K0A3v/+")}`;

describe("backups", () => {
  test("the newest is the current one, and older ones stay", async () => {
    const owner = await newOwner();
    expect(await owner("GET", "version")).toMatchObject(notFound);
    const [first, second] = [await owner.create(), await owner.create()];
    expect(first).not.toBe(second);
    const described = { algorithm, auth_data, count: 0, etag: "0" };
    expect(await owner("GET", "version")).toEqual({ status: 200, body: { ...described, version: second } });
    expect(await owner("GET", `version/${first}`)).toEqual({ status: 200, body: { ...described, version: first } });
    for (const version of ["3", "0", "x", "1e0", "99999999999999999999"]) {
      expect(await owner("GET", `version/${version}`)).toMatchObject(notFound);
    }
  });

  test("only what they are encrypted with changes, within the algorithm", async () => {
    const owner = await newOwner();
    const version = await owner.create();
    const signed = { ...auth_data, signatures: { "@alice:example.org": { "ed25519:A": "c2lnbmF0dXJl" } } };
    const change = (body: object, path = version) =>
      owner("PUT", `version/${path}`, { algorithm, auth_data: signed, ...body });
    expect(await change({ version: "2" })).toMatchObject({ status: 400, body: { errcode: "M_INVALID_PARAM" } });
    expect(await change({}, "2")).toMatchObject(notFound);
    expect(await owner("GET", "version")).toMatchObject({ body: { auth_data } });
    expect(await change({ version })).toEqual({ status: 200, body: {} });
    expect(await owner("GET", "version")).toMatchObject({ body: { auth_data: signed, version } });
  });

  test("a deleted one is gone with its keys, and its version is not given again", async () => {
    const owner = await newOwner();
    const [first, second] = [await owner.create(), await owner.create()];
    await owner("PUT", `${session}?version=${second}`, key());
    for (let time = 0; time < 2; time++) {
      expect(await owner("DELETE", `version/${second}`)).toEqual({ status: 200, body: {} });
    }
    for (const path of [`version/${second}`, `keys?version=${second}`]) {
      expect(await owner("GET", path)).toMatchObject(notFound);
    }
    expect(await owner("DELETE", "version/9")).toMatchObject(notFound);
    expect(await owner("GET", "version")).toMatchObject({ body: { version: first } });
    expect([first, second]).not.toContain(await owner.create());
    const { total } = await home.db
      .selectFrom("hs_backed_up_keys")
      .select((get) => get.fn.countAll<number>().as("total"))
      .executeTakeFirstOrThrow();
    expect(Number(total)).toBe(0);
  });

  test("of others are as good as none", async () => {
    const owner = await newOwner();
    const version = await owner.create();
    await owner("PUT", `${session}?version=${version}`, key());
    const token = stranger.access_token;
    for (const path of [`version/${version}`, `keys?version=${version}`, `${session}?version=${version}`]) {
      expect(await home.call("GET", `/v3/room_keys/${path}`, { token })).toMatchObject(notFound);
      expect(await home.call("DELETE", `/v3/room_keys/${path}`, { token })).toMatchObject(notFound);
    }
    expect(await owner("GET", "version")).toMatchObject({ body: { count: 1 } });
  });
});

describe("keys", () => {
  const rooms = {
    "!a:example.org": { sessions: { one: key(), two: key() } },
    "!b:example.org": { sessions: { one: key({ is_verified: true }) } },
  };

  test("are stored and read all, by room and one by one", async () => {
    const owner = await newOwner();
    const version = `?version=${await owner.create()}`;
    expect(await owner("GET", `keys${version}`)).toEqual({ status: 200, body: { rooms: {} } });
    expect(await owner("PUT", `keys${version}`, { rooms })).toEqual(full(3, "1"));
    expect(await owner("GET", `keys${version}`)).toEqual({ status: 200, body: { rooms } });
    const inRoom = { sessions: { three: key() } };
    expect(await owner("PUT", `keys/!b:example.org${version}`, inRoom)).toEqual(full(4, "2"));
    expect(await owner("GET", `keys/!b:example.org${version}`)).toEqual({
      status: 200,
      body: { sessions: { ...rooms["!b:example.org"].sessions, ...inRoom.sessions } },
    });
    expect(await owner("GET", `keys/!c:example.org${version}`)).toEqual({ status: 200, body: { sessions: {} } });
    expect(await owner("PUT", `${session}${version}`, key())).toEqual(full(5, "3"));
    expect(await owner("GET", `${session}${version}`)).toEqual({ status: 200, body: key() });
    expect(await owner("GET", `keys/!b:example.org/two${version}`)).toMatchObject(notFound);
    expect(await owner("GET", "version")).toMatchObject({ body: { count: 5, etag: "3" } });
  });

  test("are deleted one by one, by room and all; nothing to delete changes nothing", async () => {
    const owner = await newOwner();
    const version = `?version=${await owner.create()}`;
    await owner("PUT", `keys${version}`, { rooms });
    expect(await owner("DELETE", `keys/!a:example.org/one${version}`)).toEqual(full(2, "2"));
    expect(await owner("DELETE", `keys/!a:example.org/one${version}`)).toEqual(full(2, "2"));
    expect(await owner("DELETE", `keys/!a:example.org${version}`)).toEqual(full(1, "3"));
    expect(await owner("GET", `keys/!b:example.org/one${version}`)).toMatchObject({ status: 200 });
    expect(await owner("DELETE", `keys${version}`)).toEqual(full(0, "4"));
    expect(await owner("DELETE", "keys?version=7")).toMatchObject(notFound);
  });

  test("go into the current backup only; older ones are read and emptied", async () => {
    const owner = await newOwner();
    const first = await owner.create();
    await owner("PUT", `keys?version=${first}`, { rooms });
    const second = await owner.create();
    for (const [path, body] of [
      ["keys", { rooms }],
      ["keys/!a:example.org", { sessions: {} }],
      [session, key()],
    ] as const) {
      expect(await owner("PUT", `${path}?version=${first}`, body)).toMatchObject({
        status: 403,
        body: { errcode: "M_WRONG_ROOM_KEYS_VERSION", current_version: second },
      });
      expect(await owner("PUT", `${path}?version=9`, body)).toMatchObject(notFound);
    }
    expect(await owner("GET", `keys?version=${first}`)).toEqual({ status: 200, body: { rooms } });
    expect(await owner("DELETE", `keys?version=${first}`)).toEqual(full(0, "2"));
    expect(await owner("GET", "version")).toMatchObject({ body: { count: 0, etag: "0", version: second } });
  });

  test("the better key of a session stays, and only a change changes the etag", async () => {
    const owner = await newOwner();
    const version = `?version=${await owner.create()}`;
    const stored = async () => (await owner("GET", `${session}${version}`)).body;
    const put = (fields: object) => owner("PUT", `${session}${version}`, key(fields));
    expect(await put({})).toEqual(full(1, "1"));
    const other = { session_data: { ...sessionData, mac: "b3RoZXI" } };
    expect(await put(other)).toEqual(full(1, "1"));
    expect(await stored()).toEqual(key());
    expect(await put({ forwarded_count: 4 })).toEqual(full(1, "2"));
    expect(await put({ first_message_index: 6, forwarded_count: 0 })).toEqual(full(1, "2"));
    expect(await put({ first_message_index: 4, forwarded_count: 9 })).toEqual(full(1, "3"));
    expect(await put({ is_verified: true, first_message_index: 9, forwarded_count: 9 })).toEqual(full(1, "4"));
    expect(await put({ first_message_index: 0, forwarded_count: 0 })).toEqual(full(1, "4"));
    expect(await stored()).toEqual(key({ is_verified: true, first_message_index: 9, forwarded_count: 9 }));
  });

  test("50 requests at the same time leave the best key and count every change", async () => {
    const owner = await newOwner();
    const version = `?version=${await owner.create()}`;
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        owner("PUT", `${session}${version}`, key({ first_message_index: (index * 7) % 50 })),
      ),
    );
    expect(await owner("GET", `${session}${version}`)).toEqual({ status: 200, body: key({ first_message_index: 0 }) });
    expect(await owner("GET", "version")).toMatchObject({ body: { count: 1 } });
  });
});

test("verified, then from how early, then how often forwarded", () => {
  const of = (is_verified: boolean, first_message_index: number, forwarded_count: number) => ({
    is_verified,
    first_message_index,
    forwarded_count,
    session_data: sessionData,
  });
  const fromBestToWorst = [
    of(true, 0, 0),
    of(true, 0, 1),
    of(true, 1, 0),
    of(false, 0, 0),
    of(false, 0, 1),
    of(false, 1, 0),
  ];
  fromBestToWorst.forEach((one, better) =>
    fromBestToWorst.forEach((other, worse) => expect(isBetterKey(one, other)).toBe(better < worse)),
  );
});
