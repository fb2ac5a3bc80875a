import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
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
  /** Ends the process and starts another one at the same addresses, on the same database. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

type Addresses = Pick<RunningServers, "homeserver" | "identity" | "inbox">;

/** Starts `matrix-reference-server` on free ports. */
export async function runServers(configuration: ConfigurationInput): Promise<RunningServers> {
  const folder = mkdtempSync(join(tmpdir(), "matrix-openapi-interop-"));
  const config = join(folder, "config.json");
  writeFileSync(config, JSON.stringify(configuration));
  const files = ["--config", config, "--database", join(folder, "matrix.db")];

  let server = start([...files, "--port", "0", "--identity-port", "0", "--inbox-port", "0"]);
  const addresses = await addressesOf(server);
  const { homeserver, identity, inbox } = addresses;
  const ports = ["--port", port(homeserver), "--identity-port", port(identity), "--inbox-port", port(inbox)];
  return {
    ...addresses,
    async restart() {
      await end(server);
      server = start([...files, ...ports]);
      await addressesOf(server);
    },
    async stop() {
      await end(server);
      rmSync(folder, { recursive: true });
    },
  };
}

const cli = fileURLToPath(import.meta.resolve("@matrix-openapi/reference-server/cli"));

function start(options: readonly string[]): ChildProcess {
  return spawn(process.execPath, ["--conditions=matrix-openapi-source", cli, "--json", ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function addressesOf({ stdout }: ChildProcess): Promise<Addresses> {
  if (stdout === null) throw new Error("The server was started without a pipe for what it says.");
  for await (const line of createInterface({ input: stdout })) {
    return JSON.parse(line) as Addresses; // the documented first line
  }
  throw new Error("matrix-reference-server ended before it was ready; it has said why above.");
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const exited = once(server, "exit");
  server.kill("SIGINT");
  await exited;
}

const port = (url: string): string => new URL(url).port;
