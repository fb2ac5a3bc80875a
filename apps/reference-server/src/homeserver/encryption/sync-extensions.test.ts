import { afterAll, expect, test } from "vitest";
import type { Session } from "../fixtures/homeserver.ts";
import { createDevice } from "./fixtures/keys.ts";
import { startKeyServer } from "./fixtures/key-server.ts";

const home = await startKeyServer();

afterAll(() => home[Symbol.asyncDispose]());

/** What encryption and messages to devices add to a response. */
interface Synced {
  readonly next_batch: string;
  readonly to_device?: { readonly events: readonly { readonly content: { readonly n: number } }[] };
  readonly device_lists?: { readonly changed: readonly string[]; readonly left: readonly string[] };
  readonly device_one_time_keys_count: Readonly<Record<string, number>>;
  readonly device_unused_fallback_key_types: readonly string[];
}

async function sync({ access_token: token }: Session, since?: string, timeout = 0): Promise<Synced> {
  const query = { timeout: String(timeout), ...(since !== undefined && { since }) };
  const answer = await home.call("GET", "/v3/sync", { token, query });
  expect(answer.status).toBe(200);
  return answer.body as unknown as Synced; // as it was validated
}

const post = (user: Session, path: string, body: object) => home.post(user, path, body);
const numbersOf = ({ to_device }: Synced) => (to_device?.events ?? []).map(({ content }) => content.n);

test("messages come 100 at a time, again until they are acknowledged, then never again", async () => {
  const [alice, bob] = [await home.newUser("alice"), await home.newUser("bob")];
  const send = (n: number) =>
    home.call("PUT", `/v3/sendToDevice/m.test/${n}`, {
      token: alice.access_token,
      body: { messages: { [bob.user_id]: { PHONE: { n } } } },
    });
  const start = await sync(bob);
  const numbers = Array.from({ length: 130 }, (_, n) => n);
  for (const n of numbers) await send(n);
  const first = await sync(bob, start.next_batch);
  expect(numbersOf(first)).toEqual(numbers.slice(0, 100));
  expect(numbersOf(await sync(bob, start.next_batch))).toEqual(numbers.slice(0, 100));
  const second = await sync(bob, first.next_batch);
  expect(numbersOf(second)).toEqual(numbers.slice(100));
  expect(numbersOf(await sync(bob, second.next_batch))).toEqual([]);
  expect(numbersOf(await sync(bob))).toEqual([]);
  const waiting = sync(bob, second.next_batch, 20_000);
  await send(130);
  expect(numbersOf(await waiting)).toEqual([130]);
});

test("a device hears that its keys were claimed and its fallback key used", async () => {
  const [alice, bob] = [await home.newUser("alice"), await home.newUser("bob")];
  const device = createDevice(bob);
  const keys = { one_time_keys: device.oneTimeKeys(["A", "B"]), fallback_keys: device.fallbackKey("F") };
  await post(bob, "keys/upload", { device_keys: device.deviceKeys, ...keys });
  let { next_batch: since } = await sync(bob);
  for (const [left, unused] of [
    [1, ["signed_curve25519"]],
    [0, ["signed_curve25519"]],
    [0, []],
  ] as const) {
    const waiting = sync(bob, since, 20_000);
    await post(alice, "keys/claim", { one_time_keys: { [bob.user_id]: { PHONE: "signed_curve25519" } } });
    const told = await waiting;
    expect(told.device_one_time_keys_count).toEqual({ signed_curve25519: left });
    expect(told.device_unused_fallback_key_types).toEqual(unused);
    since = told.next_batch;
  }
});

test("who shares a room hears of new keys, at once and once; nothing of them comes with the first response", async () => {
  const [alice, bob] = [await home.newUser("alice"), await home.newUser("bob")];
  const { body: room } = await post(alice, "createRoom", { preset: "public_chat" });
  await post(bob, `rooms/${String(room["room_id"])}/join`, {});
  const first = await sync(bob);
  expect(first.device_lists).toBeUndefined();
  const waiting = sync(bob, first.next_batch, 20_000);
  await home.uploadKeys(alice);
  const told = await waiting;
  expect(told.device_lists).toEqual({ changed: [alice.user_id], left: [] });
  expect((await sync(bob, told.next_batch)).device_lists).toBeUndefined();
});
