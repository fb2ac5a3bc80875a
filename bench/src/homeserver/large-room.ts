import { figure } from "../figure.ts";
import type { Figure } from "../figure.ts";
import { measure, percentile } from "./measure.ts";
import { register, registerMany } from "./person.ts";
import { startSide } from "./running-side.ts";

const members = 10_000;
const messages = 300;
const mostMilliseconds = 50;
const mostBytes = 200 * 1024;

/** What a room of 10,000 members costs who sends into it, and who opens it with lazily loaded members. */
export async function largeRoom(): Promise<readonly Figure[]> {
  await using ours = await startSide("ours");
  await using bare = await startSide("bare");
  const alice = await register(ours.url, "alice");
  const { room_id } = await alice.call("POST", "/createRoom", { preset: "public_chat" });
  const roomId = encodeURIComponent(room_id);
  await registerMany(ours.url, members - 1, (person) => person.call("POST", `/rooms/${roomId}/join`, {}));

  const body = (number: number) => ({ msgtype: "m.text", body: `message ${number}` });
  const sends = await measure(messages, (number) =>
    alice.call("PUT", `/rooms/${roomId}/send/m.room.message/${number}`, body(number)),
  );
  const bareSends = await measure(messages, async (number) => {
    await (await fetch(bare.url, { method: "PUT", body: JSON.stringify(body(number)) })).text();
  });
  const filter = encodeURIComponent(JSON.stringify({ room: { state: { lazy_load_members: true } } }));
  const lazy = JSON.stringify(await alice.call("GET", `/sync?filter=${filter}`));
  const whole = JSON.stringify(await alice.call("GET", "/sync"));
  const room = `a room of ${members} members`;
  return [
    figure(
      {
        name: `send into ${room}, p99`,
        unit: "ms",
        ours: percentile(sends, 99),
        theirs: percentile(bareSends, 99),
        against: "bare node:http with one SQLite insert each, synchronous FULL",
        goal: `ours ≤ ${mostMilliseconds}`,
      },
      (mine) => mine <= mostMilliseconds,
    ),
    figure(
      {
        name: `initial sync of ${room}, members loaded lazily`,
        unit: "bytes",
        ours: Buffer.byteLength(lazy),
        theirs: Buffer.byteLength(whole),
        against: "the same with all members",
        goal: `ours ≤ ${mostBytes}`,
      },
      (mine) => mine <= mostBytes,
    ),
  ];
}
