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
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const help = `matrix-openapi ${version} — from an OpenAPI 3.1 description to types, an operation table and validators

Usage
  matrix-openapi generate --api NAME=path/to/openapi.yaml [--api …] [--events NAME=FILE] --out DIR

  --api NAME=FILE     a description to read, and the name of the folder it becomes; may be repeated
  --events NAME=FILE  a description without paths that lists the contents of events; likewise
  --out DIR           where to write; its folders openapi/ and src/ are replaced
  --json              print one JSON object instead of text
  --help              print this
  --version           print the version

Example
  matrix-openapi generate --api client-server=api/client-server/openapi.yaml --out packages/definitions

Exit codes: 0 done, 1 bad input (nothing is written), 2 wrong usage, 130 and 143 interrupted
MATRIX_OPENAPI_STACK=1 adds the stack to an error that is a bug of this command.
`;

/** Runs one command line and answers with its exit code. */
export async function runCli(
  args: readonly string[],
  { stdout, stderr, env = {} }: Terminal,
  signal?: AbortSignal,
): Promise<number> {
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

  const { apis, events, out, json } = command;
  const started = performance.now();
  const progress = (text: string): void => {
    if (stderr.isTTY === true && !json) stderr.write(`\r\u001B[K${text}`);
  };
  try {
    const onStep = (step: string): void => progress(`${step} …`);
    const result = await generate({ apis, events, out, onStep, ...(signal && { signal }) });
    progress("");
    stdout.write(
      json ? `${JSON.stringify({ ok: true, ...result })}\n` : summary(result, out, performance.now() - started),
    );
    return 0;
  } catch (error) {
    progress("");
    const foreseen = error instanceof GenerationError || signal?.aborted === true;
    const problems = error instanceof GenerationError ? error.problems.map(shortened) : [unforeseen(error, signal)];
    if (json) stdout.write(`${JSON.stringify({ ok: false, problems })}\n`);
    else stderr.write(`${problems.map(describeProblem).join("\n")}\n${foreseen ? "Nothing was written.\n" : ""}`);
    if (!foreseen && env["MATRIX_OPENAPI_STACK"] !== undefined) stderr.write(`${String((error as Error).stack)}\n`);
    return signal?.aborted === true ? (exitCodes[String(signal.reason)] ?? 1) : 1;
  }
}

/** As shells report what a signal has ended. */
const exitCodes: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143 };

/** Whatever went wrong without being foreseen, in one line. */
function unforeseen(error: unknown, signal: AbortSignal | undefined): Problem {
  if (signal?.aborted === true)
    return { message: `interrupted by ${String(signal.reason)}.`, hint: "Run it again; it starts from the beginning." };
  const [message = ""] = String(error).split("\n");
  return {
    message,
    hint: "This is a bug in matrix-openapi: please report it with this line, the description, and what MATRIX_OPENAPI_STACK=1 adds to it.",
  };
}

type Command =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "misuse"; readonly message: string; readonly json: boolean }
  | {
      readonly kind: "generate";
      readonly apis: readonly ApiSource[];
      readonly events: readonly ApiSource[];
      readonly out: string;
      readonly json: boolean;
    };

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

  const sources = { api: [] as ApiSource[], events: [] as ApiSource[] };
  for (const option of ["api", "events"] as const) {
    for (const written of values[option] ?? []) {
      const { name: given, root } = /^(?<name>[a-z][a-z0-9-]*)=(?<root>.+)$/.exec(written)?.groups ?? {};
      if (given === undefined || root === undefined) {
        return misuse(
          `--${option} has to be NAME=FILE with a NAME of small letters, digits and hyphens, and "${written}" was given.`,
        );
      }
      if ([...sources.api, ...sources.events].some((known) => known.name === given))
        return misuse(`The name "${given}" was given twice; each description needs a folder of its own.`);
      sources[option].push({ name: given, root });
    }
  }
  const { api: apis, events } = sources;
  if (apis.length + events.length === 0) return misuse("--api NAME=path/to/openapi.yaml is missing.");
  return { kind: "generate", apis, events, out: values.out, json };
}

const options = {
  api: { type: "string", multiple: true },
  events: { type: "string", multiple: true },
  out: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean" },
  version: { type: "boolean" },
} as const;

function summary({ apis, events, files }: GenerateResult, out: string, milliseconds: number): string {
  const lines = [
    ...apis.map(({ name, operations, schemas }) => `${name}: ${operations} operations, ${schemas} schemas\n`),
    ...events.map(({ name, types, schemas }) => `${name}: ${types} event types, ${schemas} schemas\n`),
  ];
  return `${lines.join("")}${files.length} files written to ${out} in ${(milliseconds / 1000).toFixed(1)} s\n`;
}

/** Places read best from where the command was run. */
function shortened(problem: Problem): Problem {
  const { file } = problem;
  if (file === undefined) return problem;
  const short = relative(process.cwd(), file) || ".";
  return { ...problem, file: short.length < file.length ? short : file };
}
