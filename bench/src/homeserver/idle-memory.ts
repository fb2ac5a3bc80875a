import { setTimeout } from "node:timers/promises";
import { figure } from "../figure.ts";
import type { Figure } from "../figure.ts";
import { startSide } from "./running-side.ts";

const megabyte = 1024 * 1024;
const goal = 100;

/** The memory of a server that has nothing to do, beside a bare node:http server with an SQLite file. */
export async function idleMemory(): Promise<readonly Figure[]> {
  await using ours = await startSide("ours");
  await using bare = await startSide("bare");
  await (await fetch(`${ours.url}/_matrix/client/versions`)).text();
  await setTimeout(3000);
  return [
    figure(
      {
        name: "resident memory of an idle server",
        unit: "MB",
        ours: (await ours.memory()) / megabyte,
        theirs: (await bare.memory()) / megabyte,
        against: "bare node:http with an SQLite file",
        goal: `ours ≤ ${goal}`,
      },
      (mine) => mine <= goal,
    ),
  ];
}
