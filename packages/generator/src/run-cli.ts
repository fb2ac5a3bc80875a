import { relative } from "node:path";
import { parseArgs } from "node:util";
import { version } from "./version.ts";
import type { ApiSource } from "./bundle.ts";
import { generate, type GenerateResult } from "./generate.ts";
import { describeProblem, GenerationError, type Problem } from "./generation-error.ts";

/** What the command line needs of a process. */
export interface Terminal {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
}

const help = `matrix-openapi ${version} — from an OpenAPI 3.1 description to types, an operation table and validators

Usage
  matrix-openapi generate --api NAME=path/to/openapi.yaml [--api …] --out DIR

  --api NAME=FILE  a description to read, and the name of the folder it becomes; may be repeated
  --out DIR        where to write; its folders openapi/ and src/ are replaced
  --json           print one JSON object instead of text
  --help           print this
  --version        print the version

Example
  matrix-openapi generate --api client-server=api/client-server/openapi.yaml --out packages/definitions

Exit codes: 0 done, 1 bad input (nothing is written), 2 wrong usage
`;

/** Runs one command line and answers with its exit code. */
export async function runCli(args: readonly string[], { stdout, stderr }: Terminal): Promise<number> {
  const command = readCommand(args);
  if (command.kind === "help") {
    stdout.write(help);
    return 0;
  }
  if (command.kind === "version") {
    stdout.write(`${version}\n`);
    return 0;
  }
  if (command.kind === "misuse") {
    const hint = "Run `matrix-openapi --help` to see what it takes.";
    if (command.json)
      stdout.write(`${JSON.stringify({ ok: false, problems: [{ message: command.message, hint }] })}\n`);
    else stderr.write(`${command.message}\n  → ${hint}\n`);
    return 2;
  }

  const { apis, out, json } = command;
  const started = performance.now();
  const progress = (text: string): void => {
    if (stderr.isTTY === true && !json) stderr.write(`\r\u001B[K${text}`);
  };
  try {
    const result = await generate({ apis, out, onStep: (step) => progress(`${step} …`) });
    progress("");
    stdout.write(
      json ? `${JSON.stringify({ ok: true, ...result })}\n` : summary(result, out, performance.now() - started),
    );
    return 0;
  } catch (error) {
    progress("");
    if (!(error instanceof GenerationError)) throw error;
    const problems = error.problems.map(shortened);
    if (json) stdout.write(`${JSON.stringify({ ok: false, problems })}\n`);
    else stderr.write(`${problems.map(describeProblem).join("\n")}\nNothing was written.\n`);
    return 1;
  }
}

type Command =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "misuse"; readonly message: string; readonly json: boolean }
  | { readonly kind: "generate"; readonly apis: readonly ApiSource[]; readonly out: string; readonly json: boolean };

function readCommand(args: readonly string[]): Command {
  const json = args.includes("--json");
  const misuse = (message: string): Command => ({ kind: "misuse", message, json });
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    return misuse((error as Error).message); // parseArgs throws Errors
  }
  const { values, positionals } = parsed;
  if (values.help === true) return { kind: "help" };
  if (values.version === true) return { kind: "version" };
  const [name, ...rest] = positionals;
  if (name !== "generate")
    return misuse(name === undefined ? "No command was given." : `There is no command "${name}".`);
  if (rest.length > 0) return misuse(`"generate" takes options only, and "${rest.join(" ")}" was given.`);
  if (values.out === undefined) return misuse("--out DIR is missing.");

  const apis: ApiSource[] = [];
  for (const written of values.api ?? []) {
    const { api, root } = /^(?<api>[a-z][a-z0-9-]*)=(?<root>.+)$/.exec(written)?.groups ?? {};
    if (api === undefined || root === undefined) {
      return misuse(
        `--api has to be NAME=FILE with a NAME of small letters, digits and hyphens, and "${written}" was given.`,
      );
    }
    if (apis.some((known) => known.name === api)) return misuse(`--api was given twice with the name "${api}".`);
    apis.push({ name: api, root });
  }
  if (apis.length === 0) return misuse("--api NAME=path/to/openapi.yaml is missing.");
  return { kind: "generate", apis, out: values.out, json };
}

const options = {
  api: { type: "string", multiple: true },
  out: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean" },
  version: { type: "boolean" },
} as const;

function summary({ apis, files }: GenerateResult, out: string, milliseconds: number): string {
  const lines = apis.map(({ name, operations, schemas }) => `${name}: ${operations} operations, ${schemas} schemas\n`);
  return `${lines.join("")}${files.length} files written to ${out} in ${(milliseconds / 1000).toFixed(1)} s\n`;
}

/** Places read best from where the command was run. */
function shortened(problem: Problem): Problem {
  const { file } = problem;
  if (file === undefined) return problem;
  const short = relative(process.cwd(), file) || ".";
  return { ...problem, file: short.length < file.length ? short : file };
}
