import { once } from "node:events";
import { createServer } from "node:http";
import { startReferenceServer } from "@matrix-openapi/reference-server";
import { figure, median } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { prepareCommands, startCommand } from "./reference-server-command.ts";

const rounds = 7;
const firstGoal = 50;
const furtherGoal = 10;
const processGoal = 250;

/** Starting the reference server in-process with an empty memory database, beside a bare node:http server. */
export async function serverStart(): Promise<readonly Figure[]> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(
      await time(async () => {
        const server = await startReferenceServer({ database: ":memory:", port: 0, identityPort: 0, inboxPort: 0 });
        return () => server.close();
      }),
    );
    theirs.push(
      await time(async () => {
        const server = createServer((_, response) => response.end("{}")).listen(0, "127.0.0.1");
        await once(server, "listening");
        return async () => void server.close();
      }),
    );
  }
  const parts = { unit: "ms", against: "bare node:http" };
  return [
    figure(
      {
        name: "in-process start, the first of a process",
        ours: ours[0] ?? Number.NaN,
        theirs: theirs[0] ?? Number.NaN,
        ...parts,
        goal: `ours ≤ ${firstGoal}`,
      },
      (mine) => mine <= firstGoal,
    ),
    figure(
      {
        name: "in-process start, any further",
        ours: median(ours.slice(1)),
        theirs: median(theirs.slice(1)),
        ...parts,
        goal: `ours ≤ ${furtherGoal}`,
      },
      (mine) => mine <= furtherGoal,
    ),
  ];
}

/** From spawning the process until its first answer, as it is installed and from source, beside a bare node:http server. */
export async function processStart(): Promise<readonly Figure[]> {
  using commands = prepareCommands();
  const times = { installed: [] as number[], fromSource: [] as number[], bare: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    for (const name of ["installed", "fromSource", "bare"] as const) {
      await using running = await startCommand(commands[name]);
      times[name].push(running.startedIn);
    }
  }
  const parts = { unit: "ms", theirs: median(times.bare), against: "bare node:http process" };
  return [
    figure(
      {
        name: "process start until the first /versions",
        ours: median(times.installed),
        ...parts,
        goal: `ours ≤ ${processGoal}`,
      },
      (mine) => mine <= processGoal,
    ),
    figure(
      {
        name: "process start until the first /versions, from source",
        ours: median(times.fromSource),
        ...parts,
        goal: "the ratio is known",
      },
      (mine) => Number.isFinite(mine),
    ),
  ];
}

async function time(start: () => Promise<() => Promise<void>>): Promise<number> {
  const before = performance.now();
  const stop = await start();
  const elapsed = performance.now() - before;
  await stop();
  return elapsed;
}
