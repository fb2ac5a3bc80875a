import { setTimeout } from "node:timers/promises";
import { figure } from "../figure.ts";
import type { Figure } from "../figure.ts";
import { measure, percentile } from "./measure.ts";
import { register, registerMany } from "./person.ts";
import { startSide } from "./running-side.ts";

const polls = 200;
const messages = 200;
const pauseMs = 20;
const goal = 25;

/** From sending a message until its receiver's /sync has answered it, while 200 users wait, beside bare node:http. */
export async function longPolls(): Promise<readonly Figure[]> {
  const [ours, theirs] = [await throughHomeserver(), await throughBareServer()];
  return [
    figure(
      {
        name: `send until another user's sync, at ${polls} long polls, p99`,
        unit: "ms",
        ours: percentile(ours, 99),
        theirs: percentile(theirs, 99),
        against: "bare node:http with as many waiting requests, one SQLite insert each",
        goal: `ours ≤ ${goal}`,
      },
      (mine) => mine <= goal,
    ),
  ];
}

/** All are in the directory of one server, each in a room with a room-mate; one of them is sent to. */
async function throughHomeserver(): Promise<number[]> {
  await using side = await startSide("ours");
  const alice = await register(side.url, "alice");
  const rooms: string[] = [];
  const waiting = await registerMany(side.url, polls, async (person) => {
    const { room_id: roomId } = await alice.call("POST", "/createRoom", { preset: "public_chat" });
    await person.call("POST", `/rooms/${encodeURIComponent(roomId)}/join`, {});
    rooms.push(roomId);
  });
  const arrivals = new Map<string, () => void>();
  const over = new AbortController();
  const following = waiting.map(async (person) => {
    let { next_batch: since } = await person.call("GET", "/sync");
    for (;;) {
      // As long as clients wait: all have begun at the same moment, and would end at the same moment.
      const poll = person.call("GET", `/sync?since=${since}&timeout=30000`, undefined, over.signal);
      const answer = await poll.catch((error: unknown) => {
        if (!over.signal.aborted) throw error;
      });
      if (answer === undefined) return;
      since = answer.next_batch;
      for (const room of Object.values(answer.rooms?.join ?? {})) {
        for (const { content } of room.timeline?.events ?? []) arrivals.get(content.body ?? "")?.();
      }
    }
  });
  const send = async (number: number): Promise<void> => {
    const roomId = encodeURIComponent(rooms[number % rooms.length] ?? "");
    const body = { msgtype: "m.text", body: `message ${number}` };
    await alice.call("PUT", `/rooms/${roomId}/send/m.room.message/${number}`, body);
  };
  await setTimeout(3000); // until all wait
  const times = await measure(
    messages,
    async (number) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      arrivals.set(`message ${number}`, resolve);
      await send(number);
      await promise;
    },
    pauseMs,
  );
  over.abort();
  await Promise.all(following);
  return times;
}

async function throughBareServer(): Promise<number[]> {
  await using side = await startSide("bare");
  const arrivals = new Map<string, () => void>();
  const over = new AbortController();
  const following = Array.from({ length: polls }, async () => {
    while (!over.signal.aborted) {
      const response = await fetch(`${side.url}/?wait`);
      const { body } = (await response.json()) as { body: string }; // as it was sent below
      arrivals.get(body)?.();
    }
  });
  await setTimeout(500);
  const send = (body: string) => fetch(side.url, { method: "PUT", body: JSON.stringify({ msgtype: "m.text", body }) });
  const times = await measure(
    messages,
    async (number) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      arrivals.set(`message ${number}`, resolve);
      await (await send(`message ${number}`)).text();
      await promise;
    },
    pauseMs,
  );
  over.abort();
  for (let number = 0; number < polls; number += 1) await (await send("over")).text();
  await Promise.all(following);
  return times;
}
