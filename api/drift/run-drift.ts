import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { diffFacts } from "./diff-facts.ts";
import { DriftError } from "./drift-error.ts";
import type { FactFile, Facts } from "./extract-facts.ts";
import { isObject, type JsonObject } from "./json.ts";
import { keyedFacts, listedFacts } from "./keyed-facts.ts";
import { operationNames, printDrift, type Drift } from "./print-drift.ts";
import { readCheckout, releaseOf } from "./read-checkout.ts";
import { readUpstream } from "./read-upstream.ts";
import { inOurOrder, writeFacts } from "./write-facts.ts";

/** What the command line needs of a process. */
export interface Terminal {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  /** The folder that relative paths start from. */
  readonly cwd: string;
}

const help = `What differs between matrix-spec and the facts in api/facts

Usage
  npm run drift -- CHECKOUT [--tag vX.Y] [--json] [--write DIR]

  CHECKOUT     a clone of https://github.com/matrix-org/matrix-spec, or the files of one release
  --tag vX.Y   read that tag of the clone, without touching what is checked out
  --json       print one JSON object instead of text
  --write DIR  also write the facts as they would be, in the form of api/facts
  --help       print this

Example
  npm run drift -- ../matrix-spec --tag v1.19

Exit codes: 0 done, whether or not anything differs; 1 bad input; 2 wrong usage
`;

const files: readonly FactFile[] = ["client-server", "identity", "events", "errcodes", "uia"];

/** Runs one command line and answers with its exit code. */
export function runDrift(args: readonly string[], { stdout, stderr, cwd }: Terminal): number {
  const command = readCommand(args);
  if (command.kind === "help") {
    stdout.write(help);
    return 0;
  }
  const fail = (message: string, hint: string, code: 1 | 2): number => {
    if (command.json) stdout.write(`${JSON.stringify({ ok: false, problems: [{ message, hint }] })}\n`);
    else stderr.write(`${message}\n  → ${hint}\n`);
    return code;
  };
  if (command.kind === "misuse") return fail(command.message, "Run `npm run drift -- --help` to see what it takes.", 2);

  try {
    const ours = ourFacts();
    const checkout = readCheckout(resolve(cwd, command.checkout), command.tag);
    const release = command.tag ?? releaseOf(checkout);
    const upstream = readUpstream(checkout, release, ours);
    const drift: Drift = {
      ours: String(ours["client-server"]["version"]),
      upstream: release,
      differences: diffFacts(keyedFacts(ours), keyedFacts(upstream.facts)),
      carried: upstream.reports,
    };
    if (command.write !== undefined) writeTo(resolve(cwd, command.write), upstream.facts, ours);
    stdout.write(
      command.json
        ? `${JSON.stringify({ ok: true, ...drift })}\n`
        : printDrift(drift, operationNames(ours, upstream.facts)),
    );
    return 0;
  } catch (error) {
    if (!(error instanceof DriftError)) throw error;
    return fail(error.message, error.hint, 1);
  }
}

type Command =
  | { readonly kind: "help" }
  | { readonly kind: "misuse"; readonly message: string; readonly json: boolean }
  | {
      readonly kind: "drift";
      readonly checkout: string;
      readonly tag: string | undefined;
      readonly write: string | undefined;
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
  const [checkout, ...rest] = positionals;
  if (checkout === undefined) return misuse("No checkout of matrix-spec was named.");
  if (rest.length > 0) return misuse(`One checkout is read, and "${rest.join(" ")}" was given too.`);
  return { kind: "drift", checkout, tag: values.tag, write: values.write, json };
}

const options = {
  tag: { type: "string" },
  write: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean" },
} as const;

function ourFacts(): Facts {
  const entries = files.map((file) => {
    const facts: unknown = JSON.parse(readFileSync(new URL(`../facts/${file}.json`, import.meta.url), "utf8"));
    if (!isObject(facts)) throw new Error(`api/facts/${file}.json is no object`);
    return [file, facts] as const;
  });
  return Object.fromEntries(entries) as Record<FactFile, JsonObject>; // one entry for each file
}

function writeTo(folder: string, facts: Facts, ours: Facts): void {
  mkdirSync(folder, { recursive: true });
  for (const file of files) {
    const ordered = inOurOrder(keyedFacts(facts[file]), keyedFacts(ours[file]));
    writeFileSync(join(folder, `${file}.json`), writeFacts(listedFacts(ordered)));
  }
}
