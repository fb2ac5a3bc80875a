// Runs every benchmark, or those named on the command line, and prints one JSON line for each figure.
import { clientCall } from "./client-call.ts";
import { clientSize } from "./client-size.ts";
import type { Figure } from "./figure.ts";
import { durableSends } from "./homeserver/durable-sends.ts";
import { idleMemory } from "./homeserver/idle-memory.ts";
import { largeRoom } from "./homeserver/large-room.ts";
import { longPolls } from "./homeserver/long-polls.ts";
import { generation } from "./generation.ts";
import { processStart, serverStart } from "./reference-server-start.ts";
import { serverThroughput } from "./server-throughput.ts";
import { typeCost } from "./type-cost.ts";

const benchmarks: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  "client-call": clientCall,
  "client-size": clientSize,
  "server-throughput": serverThroughput,
  "server-start": serverStart,
  "process-start": processStart,
  "type-cost": typeCost,
  "durable-sends": durableSends,
  "long-polls": longPolls,
  "large-room": largeRoom,
  "idle-memory": idleMemory,
  generation,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no benchmark ${unknown.join(", ")}; there are ${Object.keys(benchmarks).join(", ")}.\n`,
  );
  process.exit(2);
}

for (const [name, benchmark] of Object.entries(benchmarks)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  if (process.stderr.isTTY) process.stderr.write(`${name} …\n`);
  for (const figure of await benchmark()) process.stdout.write(`${JSON.stringify(figure)}\n`);
}
