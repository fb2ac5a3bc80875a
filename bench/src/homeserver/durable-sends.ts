import autocannon from "autocannon";
import { figure, median } from "../figure.ts";
import type { Figure } from "../figure.ts";
import { base, register, registerMany } from "./person.ts";
import { startSide } from "./running-side.ts";

const connections = 16;
const seconds = 4;
const rounds = 3;
const goal = 2500;

/** Messages a second that are on disk when they are answered, beside bare node:http with one SQLite insert for each. */
export async function durableSends(): Promise<readonly Figure[]> {
  await using ours = await startSide("ours");
  await using bare = await startSide("bare");
  const alice = await register(ours.url, "alice");
  const { room_id: roomId } = await alice.call("POST", "/createRoom", { preset: "public_chat" });
  const path = `${base}/rooms/${encodeURIComponent(roomId)}`;
  const others = await registerMany(ours.url, connections, (person) =>
    person.call("POST", `/rooms/${encodeURIComponent(roomId)}/join`, {}),
  );
  const rates = { ours: [] as number[], bare: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, url] of [
      ["ours", ours.url],
      ["bare", bare.url],
    ] as const) {
      let connection = 0;
      let transaction = 0;
      const result = await autocannon({
        url,
        connections,
        duration: round === 0 ? 2 : seconds,
        setupClient(client) {
          const { headers } = others[connection++ % others.length] ?? alice;
          client.setHeaders({ ...headers, "content-type": "application/json" });
        },
        requests: [
          {
            method: "PUT",
            body: JSON.stringify({ msgtype: "m.text", body: "a message of ordinary length, of six words or more" }),
            setupRequest: (request) => ({ ...request, path: `${path}/send/m.room.message/${round}-${transaction++}` }),
          },
        ],
      });
      if (result.non2xx > 0 || result.errors > 0) throw new Error(`${name} answered a message with an error.`);
      if (round > 0) rates[name].push(result.requests.average);
    }
  }
  return [
    figure(
      {
        name: `durable sends at ${connections} connections`,
        unit: "requests/s",
        ours: median(rates.ours),
        theirs: median(rates.bare),
        against: "bare node:http with one SQLite insert each, synchronous FULL",
        goal: `ours ≥ ${goal}`,
      },
      (mine) => mine >= goal,
    ),
  ];
}
