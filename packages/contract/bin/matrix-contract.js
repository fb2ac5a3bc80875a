#!/usr/bin/env node
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import nodeModule from "node:module";
import { fileURLToPath } from "node:url";

if (Number.parseInt(process.versions.node) < 22) {
  process.stderr.write(`matrix-contract: this is Node ${process.versions.node}; expected Node 22 or newer\n`);
  process.exit(1);
}
const inRepository = existsSync(new URL("../src/cli.ts", import.meta.url));
const condition = "--conditions=matrix-openapi-source";
if (!inRepository || process.execArgv.includes(condition)) {
  // Before anything else is loaded, and in plain JavaScript: a second start then neither strips types nor compiles.
  nodeModule.enableCompileCache();
  await import("@matrix-openapi/contract/cli");
} else {
  // Sources run as they are, under a condition of their own, so that a build of yesterday never answers for them.
  const child = spawn(process.execPath, [condition, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code) => (process.exitCode = code ?? 1));
}
