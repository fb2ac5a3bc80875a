import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { OperationDescriptor } from "@matrix-openapi/definitions";
import { operations } from "@matrix-openapi/definitions/client-server/operations";
import { figure } from "./figure.ts";
import type { Figure } from "./figure.ts";

const scratch = fileURLToPath(new URL("../.scratch/", import.meta.url));

/** What the type checker instantiates for a file that calls every operation once, by our client and by openapi-fetch. */
export async function typeCost(): Promise<readonly Figure[]> {
  const calls = Object.values<OperationDescriptor>(operations).map(callOf).join("\n");
  const empty = instantiations(
    `import type { paths } from "@matrix-openapi/definitions/client-server";\nexport type P = keyof paths;\n`,
  );
  const ours = instantiations(
    `import type { MatrixClient } from "@matrix-openapi/client";\ndeclare const client: MatrixClient;\n${calls}\n`,
  );
  const theirs = instantiations(
    `import type { Client } from "openapi-fetch";\nimport type { paths } from "@matrix-openapi/definitions/client-server";\ndeclare const client: Client<paths>;\n${calls}\n`,
  );
  return [
    figure(
      {
        name: `type instantiations of a file with ${Object.keys(operations).length} calls`,
        unit: "instantiations",
        ours: ours - empty,
        theirs: theirs - empty,
        against: "openapi-fetch's own types",
        goal: "ratio ≤ 1",
      },
      (mine, other) => mine <= other,
    ),
  ];
}

/** A call with whatever the operation needs; bodies are cast, as it is the call's own types that are measured. */
function callOf({ method, path, operationId, pathParams, requestBody, responses }: OperationDescriptor): string {
  const query = queries[operationId];
  const params = [
    pathParams.length > 0 && `path: { ${pathParams.map((name) => `${name}: "x"`).join(", ")} }`,
    query !== undefined && `query: ${query}`,
  ].filter((part) => part !== false);
  const init = [
    params.length > 0 && `params: { ${params.join(", ")} }`,
    requestBody !== null && "body: {} as never",
    responses["200"]?.kind === "html" && `parseAs: "text"`,
  ].filter((part) => part !== false);
  return `export const ${operationId} = await client.${method}(${JSON.stringify(path)}${init.length > 0 ? `, { ${init.join(", ")} }` : ""});`;
}

/** Query parameters without which a call would not compile. */
const queries: Readonly<Record<string, string>> = {
  checkUsernameAvailability: `{ username: "x" }`,
  registrationTokenValidity: `{ token: "x" }`,
  getAuthFallback: `{ session: "x" }`,
};

function instantiations(source: string): number {
  mkdirSync(scratch, { recursive: true });
  const folder = mkdtempSync(join(scratch, "types-"));
  try {
    writeFileSync(join(folder, "calls.ts"), source);
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        extends: "../../../tsconfig.base.json",
        compilerOptions: { noEmit: true },
        files: ["calls.ts"],
      }),
    );
    const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder, "--extendedDiagnostics"], { encoding: "utf8" });
    const errors = stdout.split("\n").filter((line) => line.includes("error TS"));
    const count = /^Instantiations:\s+(\d+)/m.exec(stdout)?.[1];
    if (errors.length > 0 || count === undefined)
      throw new Error(`the calls do not compile:\n${errors.slice(0, 5).join("\n") || stdout}`);
    return Number(count);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
