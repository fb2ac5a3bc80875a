import { runDrift } from "./run-drift.ts";

// npm runs a script in its package's folder; paths are meant from where the command was given.
const cwd = process.env["INIT_CWD"] ?? process.cwd();
process.exitCode = runDrift(process.argv.slice(2), { stdout: process.stdout, stderr: process.stderr, cwd });
