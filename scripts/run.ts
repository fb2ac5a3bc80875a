import { spawnSync } from "node:child_process";

/**
 * Runs a tool of node_modules/.bin, its complaints passed through and its output too unless told otherwise; a failure
 * ends this process with the same code.
 */
export function run(tool: string, parameters: readonly string[], output: "inherit" | "ignore" = "inherit"): void {
  const { status } = spawnSync(tool, parameters, {
    stdio: ["inherit", output, "inherit"],
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", REDOCLY_TELEMETRY: "off", DO_NOT_TRACK: "1" },
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(status ?? 1);
}
