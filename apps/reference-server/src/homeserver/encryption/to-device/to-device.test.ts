import { afterAll, beforeEach, expect, test } from "vitest";
import { startHomeserver } from "../../fixtures/homeserver.ts";
import type { Session } from "../../fixtures/homeserver.ts";
import { streamPosition } from "../../../storage/stream.ts";
import { acknowledgeToDevice, pruneToDeviceTransactions, takeToDevice } from "./pending-messages.ts";

let alice: Session;
let bob: Session;

const home = await startHomeserver();

afterAll(() => home[Symbol.asyncDispose]());

let round = 0;
beforeEach(async () => {
  round += 1;
  alice = await home.register(`alice${round}`, { device_id: "ALICE" });
  bob = await home.register(`bob${round}`, { device_id: "PHONE" });
  await home.login(`bob${round}`, { device_id: "TABLET" });
});

const send = (txnId: string, messages: object, { type = "m.test", from = alice } = {}) =>
  home.call("PUT", `/v3/sendToDevice/${type}/${txnId}`, { token: from.access_token, body: { messages } });

async function pending(deviceId: string, { after = 0, limit = 100, userId = bob.user_id } = {}) {
  return takeToDevice(home.db, userId, deviceId, { after, upTo: await streamPosition(home.db), limit });
}
const contents = async (deviceId: string) => (await pending(deviceId)).events.map(({ content }) => content["n"]);

test("a message waits for the named devices, with its sender and type", async () => {
  expect(await send("1", { [bob.user_id]: { PHONE: { n: 1 } } })).toMatchObject({ status: 200, body: {} });
  expect((await pending("PHONE")).events).toEqual([{ sender: alice.user_id, type: "m.test", content: { n: 1 } }]);
  expect((await pending("TABLET")).events).toEqual([]);
  expect((await pending("ALICE", { userId: alice.user_id })).events).toEqual([]);
});

test("a star stands for all devices; those that are not here get none", async () => {
  const others = { NOSUCH: { n: 2 } };
  await send("1", {
    [bob.user_id]: { "*": { n: 1 }, ...others },
    [bob.user_id.replace("bob", "nobody")]: { "*": { n: 3 } },
    "@carol:elsewhere.example": { "*": { n: 4 } },
  });
  for (const device of ["PHONE", "TABLET"]) expect(await contents(device)).toEqual([1]);
  await home.login(`bob${round}`, { device_id: "NOSUCH" });
  expect(await contents("NOSUCH")).toEqual([]);
});

test("a repeated request is one, also 50 at a time; another type, device or ID is another", async () => {
  const message = { [bob.user_id]: { PHONE: { n: 1 } } };
  const answers = await Promise.all(Array.from({ length: 50 }, () => send("1", message)));
  expect(answers.every(({ status }) => status === 200)).toBe(true);
  expect(await contents("PHONE")).toEqual([1]);
  await send("1", message, { type: "m.other" });
  await send("1", message, { from: bob });
  await send("2", message);
  expect(await contents("PHONE")).toEqual([1, 1, 1, 1]);
  home.clock.advance(86_400_000);
  await pruneToDeviceTransactions(home);
  await send("1", message);
  expect(await contents("PHONE")).toHaveLength(4);
});

test("messages come in their order, so many at a time, and none is lost or comes twice", async () => {
  for (let n = 0; n < 7; n++) await send(String(n), { [bob.user_id]: { PHONE: { n } } });
  const got: unknown[] = [];
  let after = 0;
  for (const expected of [3, 3, 1, 0]) {
    await acknowledgeToDevice(home.db, bob.user_id, "PHONE", after);
    const { events, upTo } = await pending("PHONE", { after, limit: 3 });
    expect(events).toHaveLength(expected);
    expect((await pending("PHONE", { after, limit: 3 })).events).toEqual(events);
    got.push(...events.map(({ content }) => content["n"]));
    after = upTo;
  }
  expect(got).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(after).toBe(await streamPosition(home.db));
});

test("what is acknowledged is forgotten, for that device only; what came since is not", async () => {
  await send("1", { [bob.user_id]: { "*": { n: 1 } } });
  const { upTo } = await pending("PHONE");
  await send("2", { [bob.user_id]: { "*": { n: 2 } } });
  await acknowledgeToDevice(home.db, bob.user_id, "PHONE", upTo);
  expect(await contents("PHONE")).toEqual([2]);
  expect(await contents("TABLET")).toEqual([1, 2]);
  const kept = await home.db
    .selectFrom("hs_to_device")
    .select("device_id")
    .where("user_id", "=", bob.user_id)
    .execute();
  expect(kept).toHaveLength(3);
});

test("messages go with the device", async () => {
  await send("1", { [bob.user_id]: { PHONE: { n: 1 } } });
  await home.call("POST", "/v3/logout", { token: bob.access_token });
  await home.login(`bob${round}`, { device_id: "PHONE" });
  expect(await contents("PHONE")).toEqual([]);
});
