import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** Waits for a server to answer at this URL; shows the end of its log where it ends, or takes more than a minute. */
export async function isUp(server: ChildProcess, url: string, log: string): Promise<void> {
  for (let attempt = 0; attempt < 300 && server.exitCode === null; attempt += 1) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok === true) return;
    await delay(200);
  }
  server.kill("SIGTERM");
  throw new Error(`${url} did not come up. The end of its log:\n${readFileSync(log, "utf8").slice(-2000)}`);
}
