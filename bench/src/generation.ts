import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { figure, median } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { generators } from "./generators.ts";

const rounds = 3;
const longestCold = 10;
const longestIdle = 1;
const mostBytes = 400_000;

const root = fileURLToPath(new URL("../../", import.meta.url));
const definitions = join(root, "packages/definitions");
const apis = ["client-server", "identity"];

/** How long `npm run generate` takes, and beside other generators what is made from the bundles, and how large the types are. */
export async function generation(): Promise<readonly Figure[]> {
  return [...fromSources(), ...fromBundles()];
}

function fromSources(): Figure[] {
  const times = { cold: [] as number[], idle: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    times.cold.push(run("npm", ["run", "generate", "--", "--force"]).seconds);
    times.idle.push(run("npm", ["run", "generate"]).seconds);
  }
  const cold = median(times.cold);
  const idle = median(times.idle);
  const all = "npm run generate: both APIs, events, all files";
  return [
    figure(
      { name: all, unit: "s", ours: cold, theirs: idle, against: "nothing to do", goal: `ours ≤ ${longestCold}` },
      (mine) => mine <= longestCold,
    ),
    figure(
      {
        name: "npm run generate, nothing to do",
        unit: "s",
        ours: idle,
        theirs: cold,
        against: all,
        goal: `ours ≤ ${longestIdle}`,
      },
      (mine) => mine <= longestIdle,
    ),
  ];
}

function fromBundles(): Figure[] {
  const scratch = mkdtempSync(join(tmpdir(), "generation-"));
  try {
    const sides = generators.map((generator) => ({
      ...generator,
      times: [] as number[],
      failure: undefined as string | undefined,
      out: (api: string) => join(scratch, generator.name, api),
    }));
    // Rounds take turns, so that a slow moment of the machine hits all sides alike.
    for (let round = 0; round < rounds; round += 1) {
      for (const side of sides) {
        const runs = apis.map((api) =>
          attempt(() => side.command(api, join(definitions, "openapi", `${api}.json`), side.out(api))),
        );
        side.times.push(runs.reduce((sum, { seconds }) => sum + seconds, 0));
        side.failure ??= runs.find(({ failure }) => failure !== undefined)?.failure;
      }
    }
    const [ours, ...others] = sides;
    if (ours === undefined || ours.failure !== undefined) throw new Error(`our own generator failed: ${ours?.failure}`);
    const bytes = ({ out, types }: (typeof sides)[number]): number =>
      apis.reduce((sum, api) => sum + statSync(join(out(api), types(api))).size, 0);
    return others.flatMap((theirs) => {
      const { name, failure } = theirs;
      const against = failure === undefined ? name : `${name}, which failed: ${failure}`;
      const made = { name: `${theirs.made} of both APIs`, unit: "bytes", ours: bytes(ours), against };
      return [
        figure(
          {
            name: "code for both APIs from their bundles, ours with validators, tables and other bundles",
            unit: "s",
            ours: median(ours.times),
            theirs: failure === undefined ? median(theirs.times) : Number.NaN,
            against,
            goal: "the ratio is known",
          },
          () => true,
        ),
        figure(
          { ...made, theirs: failure === undefined ? bytes(theirs) : Number.NaN, goal: `ours ≤ ${mostBytes}` },
          (mine) => mine <= mostBytes,
        ),
      ];
    });
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

interface Run {
  readonly seconds: number;
  readonly failure?: string;
}

// What cannot be installed, without a network for one, is no reason to measure nothing.
function attempt(parameters: () => readonly string[]): Run {
  try {
    return run(process.execPath, parameters());
  } catch (error) {
    return { seconds: Number.NaN, failure: (error as Error).message }; // installing throws Errors
  }
}

function run(program: string, parameters: readonly string[]): Run {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(program, parameters, {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32" && program === "npm",
  });
  const seconds = (performance.now() - start) / 1000;
  return status === 0 ? { seconds } : { seconds, failure: (stderr.trim() || stdout.trim()).slice(0, 300) };
}
