#!/usr/bin/env node
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

const command = "@matrix-openapi/contract/cli";
if (existsSync(fileURLToPath(import.meta.resolve(command)))) {
  // Before anything else is loaded, and in plain JavaScript: a second start then neither strips types nor compiles.
  enableCompileCache();
  await import(command);
} else {
  // Not built, so this is the repository, where sources run under a condition of their own.
  const flags = ["--conditions=matrix-openapi-source", fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, flags, { stdio: "inherit" }).status ?? 1;
}
