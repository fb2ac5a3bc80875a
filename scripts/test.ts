// The whole check of the repository: generated code, lint, types, then every test in one run with one closing line.
import { run } from "./run.ts";

run("turbo", ["run", "generate", "lint", "typecheck", "--output-logs=errors-only"]);
run("vitest", ["run", ...process.argv.slice(2)]);
