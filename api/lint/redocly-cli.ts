import { execFile } from "node:child_process";
import { createRequire } from "node:module";

/**
 * Runs the Redocly CLI with the Node that runs us, without telemetry, and gives back what it wrote to stdout.
 * An exit code of 1 says that a description has faults: that is an answer too.
 */
export function runRedocly(args: readonly string[]): Promise<string> {
  const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [cli, ...args], { env, maxBuffer: 64 * 2 ** 20 }, (error, stdout, stderr) => {
      if (error && error.code !== 1) reject(new Error(`redocly ${args[0]} failed: ${stderr}`, { cause: error }));
      else resolve(stdout);
    });
  });
}

const cli = createRequire(import.meta.url).resolve("@redocly/cli/bin/cli.js");
