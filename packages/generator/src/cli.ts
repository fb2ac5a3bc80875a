#!/usr/bin/env node
import { runCli } from "./run-cli.ts";

// The first of these lets it clean up; the second ends it at once.
const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interruption.abort(signal));

process.exitCode = await runCli(process.argv.slice(2), process, interruption.signal);
