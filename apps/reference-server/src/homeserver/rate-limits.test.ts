import { expect, test } from "vitest";
import { startHomeserver } from "./fixtures/homeserver.ts";
import { person } from "./rooms/fixtures/person.ts";

const minute = 60_000;
const tooMany = { status: 429, body: { errcode: "M_LIMIT_EXCEEDED", retry_after_ms: minute } };

test("an operation of one's choice is limited, for each user by themselves, until the window is over", async () => {
  const limits = { createRoom: { requests: 2, perMs: minute }, sendMessage: { requests: 1, perMs: minute } };
  await using home = await startHomeserver({ rateLimits: { operations: limits } });
  const [alice, bob] = [await person(home, "alice"), await person(home, "bob")];
  const room = await alice.createRoom({ preset: "public_chat" });
  await alice.createRoom();
  const refused = await alice.call("POST", "/createRoom", {});
  expect(refused).toMatchObject(tooMany);
  expect(refused.headers.get("retry-after")).toBe("60");
  await bob.createRoom();

  await alice.say(room, "one");
  const message = { msgtype: "m.text", body: "two" };
  expect(await alice.inRoom(room, "PUT", "/send/m.room.message/x", message)).toMatchObject(tooMany);
  expect((await bob.join(room)).status).toBe(200);
  home.clock.advance(minute);
  expect((await alice.inRoom(room, "PUT", "/send/m.room.message/x", message)).status).toBe(200);
});

test("* is for every operation that is described as limited and not named itself; who has no token counts by address", async () => {
  const limits = { "*": { requests: 2, perMs: minute }, joinRoomById: false as const };
  await using home = await startHomeserver({ rateLimits: { operations: limits } });
  const alice = await person(home, "alice"); // asks twice: for a session, and to complete it
  expect(await home.call("POST", "/v3/register", { body: {} })).toMatchObject(tooMany);
  const rooms = await Promise.all([1, 2, 3].map(() => alice.createRoom()));
  for (const room of rooms) expect((await alice.join(room)).status).toBe(200);
  const left = [];
  for (const room of rooms) left.push((await alice.inRoom(room, "POST", "/leave", {})).status);
  expect(left).toEqual([200, 200, 429]);
});

test("an application service is limited as its registration says, and its own user never", async () => {
  const registration = (id: string, more: object) => ({
    id,
    url: null,
    as_token: `${id}-as-token`,
    hs_token: `${id}-hs-token`,
    sender_localpart: id,
    namespaces: { users: [{ exclusive: false, regex: `@${id}-.*` }] },
    ...more,
  });
  await using home = await startHomeserver({
    rateLimits: { operations: { createRoom: { requests: 1, perMs: minute } } },
    applicationServices: [registration("slow", {}), registration("fast", { rate_limited: false })],
  });
  const createTwice = async (id: string, user?: string) => {
    const query = { ...(user !== undefined && { user_id: `@${user}:localhost` }) };
    const create = () => home.call("POST", "/v3/createRoom", { token: `${id}-as-token`, query, body: {} });
    return [(await create()).status, (await create()).status];
  };
  for (const id of ["slow", "fast"]) {
    const body = { type: "m.login.application_service", username: `${id}-user`, inhibit_login: true };
    expect((await home.call("POST", "/v3/register", { token: `${id}-as-token`, body })).status).toBe(200);
  }
  expect(await createTwice("slow", "slow-user")).toEqual([200, 429]);
  expect(await createTwice("slow")).toEqual([200, 200]);
  expect(await createTwice("fast", "fast-user")).toEqual([200, 200]);
});
