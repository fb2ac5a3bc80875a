import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { operations } from "@matrix-openapi/definitions/client-server/operations";
import { operations as identityOperations } from "@matrix-openapi/definitions/identity/operations";
import { everyCall } from "./every-call.ts";
import { figure, median } from "./figure.ts";
import type { Figure } from "./figure.ts";
import { installPublishedTypes, tsc } from "./published-packages.ts";

const rounds = 15;
const mostInstantiations = 60_000;
const mostTimes = 1.5;

const calls = [
  ...everyCall("@matrix-openapi/definitions/openapi/client-server.json", operations, "matrix"),
  ...everyCall("@matrix-openapi/definitions/openapi/identity.json", identityOperations, "identity"),
];

const importTypes = `import type { paths } from "@matrix-openapi/definitions/client-server";
import type { paths as identityPaths } from "@matrix-openapi/definitions/identity";
`;

const files = {
  empty: `${importTypes}export type Paths = keyof paths | keyof identityPaths;`,
  ours: `import type { MatrixClient } from "@matrix-openapi/client";
import type { IdentityClient } from "@matrix-openapi/client/identity";
declare const matrix: MatrixClient;
declare const identity: IdentityClient;
${calls.join("\n")}`,
  theirs: `${importTypes}import type { Client } from "openapi-fetch";
declare const matrix: Client<paths>;
declare const identity: Client<identityPaths>;
${calls.join("\n")}`,
};
type File = keyof typeof files;
const names = Object.keys(files) as File[]; // the keys of the object above

/** What the type checker does for a file that calls every operation of both APIs once, by our clients and by openapi-fetch. */
export async function typeCost(): Promise<readonly Figure[]> {
  const { folder, remove } = installPublishedTypes();
  try {
    for (const name of names) writeProject(folder, name);
    const instantiations = { empty: 0, ours: 0, theirs: 0 };
    const times: Record<File, number[]> = { empty: [], ours: [], theirs: [] };
    // Rounds take turns, so that a slow moment of the machine hits all sides alike.
    for (let round = 0; round <= rounds; round += 1) {
      for (const name of names) {
        const check = typeCheck(folder, name);
        instantiations[name] = check.instantiations;
        if (round > 0) times[name].push(check.milliseconds);
      }
    }
    return figures(instantiations, {
      empty: median(times.empty),
      ours: median(times.ours),
      theirs: median(times.theirs),
    });
  } finally {
    remove();
  }
}

function figures(instantiations: Readonly<Record<File, number>>, times: Readonly<Record<File, number>>): Figure[] {
  const file = `a file with ${calls.length} calls`;
  return [
    figure(
      {
        name: `type instantiations of ${file}`,
        unit: "instantiations",
        ours: instantiations.ours,
        theirs: instantiations.theirs,
        against: "openapi-fetch's own types",
        goal: `ours ≤ ${mostInstantiations}, ratio ≤ 1`,
      },
      (mine, other) => mine <= mostInstantiations && mine <= other,
    ),
    figure(
      {
        name: `type check of ${file}`,
        unit: "ms",
        ours: times.ours,
        theirs: times.empty,
        against: "a file that only imports the types",
        goal: `ratio ≤ ${mostTimes}`,
      },
      (mine, other) => mine <= mostTimes * other,
    ),
    figure(
      {
        name: `type check of ${file}`,
        unit: "ms",
        ours: times.ours,
        theirs: times.theirs,
        against: "openapi-fetch's own types",
        goal: "ratio ≤ 1",
      },
      (mine, other) => mine <= other,
    ),
  ];
}

function writeProject(folder: string, name: File): void {
  writeFileSync(join(folder, `${name}.ts`), `${files[name]}\n`);
  writeFileSync(
    join(folder, `${name}.json`),
    JSON.stringify({
      extends: "../../../tsconfig.base.json",
      compilerOptions: { noEmit: true, customConditions: [] },
      files: [`${name}.ts`],
    }),
  );
}

/** The time is the compiler's own count, without the start of its process, which would flatter every ratio. */
function typeCheck(folder: string, name: File): { instantiations: number; milliseconds: number } {
  const { stdout } = tsc(["-p", join(folder, `${name}.json`), "--extendedDiagnostics"]);
  const errors = stdout.split("\n").filter((line) => line.includes("error TS"));
  const [, count] = /^Instantiations:\s+(\d+)/m.exec(stdout) ?? [];
  const [, seconds] = /^Total time:\s+([\d.]+)s/m.exec(stdout) ?? [];
  if (errors.length > 0 || count === undefined || seconds === undefined) {
    throw new Error(`${name}.ts does not compile:\n${errors.slice(0, 20).join("\n") || stdout}`);
  }
  return { instantiations: Number(count), milliseconds: Number(seconds) * 1000 };
}
