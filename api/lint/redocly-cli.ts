import { execFile } from "node:child_process";
import { createRequire } from "node:module";

/**
 * Runs the Redocly CLI with the Node that runs us, without telemetry or any other call to the network.
 * Faults in a description are an answer (`ok` is false); a CLI that cannot run is an error.
 */
export function runRedocly(args: readonly string[]): Promise<{ ok: boolean; stdout: string; stderr: string }> {
  const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", NO_COLOR: "1" };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [cli, ...args], { env, maxBuffer: 64 * 2 ** 20 }, (error, stdout, stderr) => {
      if (error && error.code !== 1) reject(new Error(`redocly ${args[0]} failed: ${stderr}`, { cause: error }));
      else resolve({ ok: error === null, stdout, stderr });
    });
  });
}

const cli = createRequire(import.meta.url).resolve("@redocly/cli/bin/cli.js");
