import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { figure } from "../figure.ts";
import type { Figure } from "../figure.ts";
import { prepareCommands, startCommand } from "../reference-server-command.ts";

const goal = 100;

/** The memory of a server that has nothing to do, as it is installed and from source, beside a bare node:http server. */
export async function idleMemory(): Promise<readonly Figure[]> {
  using commands = prepareCommands();
  await using installed = await startCommand(commands.installed);
  await using fromSource = await startCommand(commands.fromSource);
  await using bare = await startCommand(commands.bare);
  await setTimeout(3000);
  const parts = { unit: "MB", theirs: residentMemory(bare.pid), against: "bare node:http process" };
  return [
    figure(
      {
        name: "resident memory of an idle server",
        ours: residentMemory(installed.pid),
        ...parts,
        goal: `ours ≤ ${goal}`,
      },
      (mine) => mine <= goal,
    ),
    figure(
      {
        name: "resident memory of an idle server, from source",
        ours: residentMemory(fromSource.pid),
        ...parts,
        goal: "the ratio is known",
      },
      (mine) => Number.isFinite(mine),
    ),
  ];
}

/** Megabytes, as the system counts them for any process. */
function residentMemory(pid: number): number {
  const kilobytes =
    process.platform === "linux"
      ? /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
      : execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
  return Number(kilobytes) / 1024;
}
