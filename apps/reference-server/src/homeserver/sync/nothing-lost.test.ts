import { afterAll, expect, test } from "vitest";
import { startHomeserver } from "../fixtures/homeserver.ts";
import { person } from "../rooms/fixtures/person.ts";
import type { Person } from "../rooms/fixtures/person.ts";
import { createFollower } from "./fixtures/follower.ts";
import { seededRandom } from "./fixtures/seeded-random.ts";

/** No event lost and none twice, however often a client is cut off: timelines with their gaps filled are the visible log. */

const home = await startHomeserver();

afterAll(() => home[Symbol.asyncDispose]());

const visibilities = ["shared", "joined", "invited", "world_readable"];

test.each(Array.from({ length: 12 }, (_, seed) => seed + 1))("seed %i", async (seed) => {
  const random = seededRandom(seed);
  const [alice, bob] = [await person(home, `alice${seed}`), await person(home, `bob${seed}`)];
  const rooms = [await alice.createRoom({ preset: "public_chat" }), await alice.createRoom({ preset: "public_chat" })];
  const follower = createFollower(bob, random);

  const steps: readonly (() => Promise<unknown>)[] = [
    () => alice.say(random.pick(rooms), `m${random.below(1e9)}`),
    () => Promise.all(Array.from({ length: random.below(8) }, () => alice.say(random.pick(rooms), "burst"))),
    () => alice.setState(random.pick(rooms), "m.room.topic", { topic: `t${random.below(1e9)}` }),
    () => bob.join(random.pick(rooms)),
    () => bob.inRoom(random.pick(rooms), "POST", "/leave", {}),
    () =>
      alice.setState(random.pick(rooms), "m.room.history_visibility", {
        history_visibility: random.pick(visibilities),
      }),
    () =>
      bob.inRoom(random.pick(rooms), "PUT", `/send/m.room.message/${random.below(1e9)}`, {
        msgtype: "m.text",
        body: "b",
      }),
    () => follower.sync(),
    () => follower.sync(),
    () => follower.syncAndLose(),
  ];
  for (let step = 0; step < 40; step += 1) await random.pick(steps)();
  for (const room of rooms) await bob.join(room);
  await follower.sync();
  await follower.syncWhile(() => alice.say(random.pick(rooms), "while waiting"));
  await follower.sync();

  for (const room of rooms) {
    const seen = await follower.timeline(room);
    expect(new Set(seen)).toHaveLength(seen.length);
    expect(seen).toEqual(await visibleLog(bob, room));
    expect(follower.state(room)).toEqual(await stateOf(bob, room));
  }
});

/** Everything that the user may see, by one walk from the newest event to the oldest. */
async function visibleLog(who: Person, room: string): Promise<string[]> {
  const events: { event_id: string }[] = [];
  for (let from: string | undefined; ;) {
    const query = new URLSearchParams({ dir: "b", limit: "7", ...(from !== undefined && { from }) });
    const { body } = await who.inRoom(room, "GET", `/messages?${query.toString()}`);
    events.push(...(body["chunk"] as unknown as { event_id: string }[]));
    if (body["end"] === undefined) return events.map((event) => event.event_id).toReversed();
    from = body["end"] as string;
  }
}

async function stateOf(who: Person, room: string): Promise<Record<string, string>> {
  const { body } = await who.inRoom(room, "GET", "/state");
  const events = body as unknown as { type: string; state_key: string; event_id: string }[]; // as described
  return Object.fromEntries(events.map((event) => [`${event.type} ${event.state_key}`, event.event_id]));
}
