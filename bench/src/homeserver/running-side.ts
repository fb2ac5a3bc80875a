import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface RunningSide extends AsyncDisposable {
  readonly url: string;
}

/**
 * Starts a side on a database file of its own, as it would run in production: answers are not checked.
 * MATRIX_BENCH_PROFILE is a folder for V8's profiles of it.
 */
export async function startSide(name: "ours" | "bare"): Promise<RunningSide> {
  const folder = mkdtempSync(join(tmpdir(), "bench-homeserver-"));
  const profiles = process.env["MATRIX_BENCH_PROFILE"];
  const child = fork(fileURLToPath(new URL("side.ts", import.meta.url)), [name, join(folder, "server.db")], {
    env: { ...process.env, NODE_ENV: "production" },
    execArgv: [
      "--conditions=matrix-openapi-source",
      ...(profiles === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profiles}`]),
    ],
  });
  const exited = once(child, "exit");
  const failed = exited.then(() => Promise.reject(new Error(`the side ${name} ended before it listened`)));
  const [url] = (await Promise.race([once(child, "message"), failed])) as [string]; // the first thing a side sends
  failed.catch(() => {}); // from here on it ends when it is told to
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await exited;
      rmSync(folder, { recursive: true });
    },
  };
}
