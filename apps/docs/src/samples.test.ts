import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readApis } from "./api-reference.ts";
import { clientSample, curlSample } from "./samples.ts";

const operations = readApis().flatMap((api) => api.operations);

test("every client sample compiles against the client's types", () => {
  const folder = mkdtempSync(fileURLToPath(new URL("../.samples-", import.meta.url)));
  try {
    const functions = operations.map((operation, index) => {
      const type = operation.api.slug === "identity" ? "IdentityClient" : "MatrixClient";
      return `export async function sample${index}(client: ${type}): Promise<void> {\n${clientSample(operation)}\n}`;
    });
    const head = `import type { MatrixClient } from "@matrix-openapi/client";\nimport type { IdentityClient } from "@matrix-openapi/client/identity";\n`;
    writeFileSync(join(folder, "samples.ts"), `${head}${functions.join("\n")}\n`);
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        extends: "../../../tsconfig.base.json",
        compilerOptions: { noEmit: true },
        files: ["samples.ts"],
      }),
    );
    const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
    expect(stdout).toBe("");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a curl sample carries what the operation asks for", () => {
  const devices = operations.find(({ descriptor }) => descriptor.operationId === "updateDevice");
  if (devices === undefined) throw new Error("updateDevice is not described any more");
  expect(curlSample(devices)).toBe(
    [
      "curl -X PUT 'http://localhost:8008/_matrix/client/v3/devices/GHTYAJCE'",
      '-H "Authorization: Bearer $ACCESS_TOKEN"',
      "-H 'Content-Type: application/json'",
      `-d '{"display_name":"Alice'\\''s new phone"}'`,
    ].join(" \\\n  "),
  );
});
