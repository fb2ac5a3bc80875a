import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ConfigurationInput } from "@matrix-openapi/reference-server";

/** The reference servers as their users run them: a process of its own, configured by a file, keeping a database. */
export interface RunningServers {
  readonly homeserver: string;
  readonly identity: string;
  readonly inbox: string;
  stop(): Promise<void>;
}

/** Starts `matrix-reference-server` on free ports. */
export async function runServers(configuration: ConfigurationInput): Promise<RunningServers> {
  const folder = mkdtempSync(join(tmpdir(), "matrix-openapi-interop-"));
  const config = join(folder, "config.json");
  writeFileSync(config, JSON.stringify(configuration));
  const cli = fileURLToPath(import.meta.resolve("@matrix-openapi/reference-server/cli"));
  const ports = ["--port", "0", "--identity-port", "0", "--inbox-port", "0"];
  const server = spawn(
    process.execPath,
    [
      "--conditions=matrix-openapi-source",
      cli,
      "--json",
      ...ports,
      "--config",
      config,
      "--database",
      join(folder, "matrix.db"),
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const exited = once(server, "exit");
  const stop = async (): Promise<void> => {
    server.kill("SIGINT");
    await exited;
    rmSync(folder, { recursive: true });
  };
  for await (const line of createInterface({ input: server.stdout })) {
    return { ...(JSON.parse(line) as Omit<RunningServers, "stop">), stop }; // the documented first line
  }
  throw new Error("matrix-reference-server ended before it was ready; it has said why above.");
}
