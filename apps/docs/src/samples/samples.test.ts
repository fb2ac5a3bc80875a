import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readApis } from "../api-reference.ts";
import { clientSample } from "./client-sample.ts";
import { curlSample } from "./curl-sample.ts";

const operations = readApis().flatMap((api) => api.operations);

test("every client sample compiles against the client's types", () => {
  const folder = mkdtempSync(fileURLToPath(new URL("../../.samples-", import.meta.url)));
  try {
    const functions = operations.map((operation, index) => {
      const type = operation.api.slug === "identity" ? "IdentityClient" : "MatrixClient";
      return `export async function sample${index}(client: ${type}): Promise<void> {\n${clientSample(operation)}\n}`;
    });
    const head = `import { withUserInteractiveAuth } from "@matrix-openapi/client";\nimport type { MatrixClient } from "@matrix-openapi/client";\nimport type { IdentityClient } from "@matrix-openapi/client/identity";\n`;
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
  expect(curlSample(find("updateDevice"))).toBe(
    [
      "curl -X PUT 'http://localhost:8008/_matrix/client/v3/devices/GHTYAJCE'",
      '-H "Authorization: Bearer $ACCESS_TOKEN"',
      "-H 'Content-Type: application/json'",
      `-d '{"display_name":"Alice'\\''s new phone"}'`,
    ].join(" \\\n  "),
  );
});

test("where the user has to authenticate, curl asks first, and repeats the request with auth", () => {
  const [first, second] = curlSample(find("deleteDevices")).split("\n\n");
  expect(sentBy(first)).toEqual({ devices: ["QBUAZIFURK", "AUIECTSRND"] });
  expect(sentBy(second)).toEqual({
    devices: ["QBUAZIFURK", "AUIECTSRND"],
    auth: expect.objectContaining({ type: "m.login.password", session: "a session" }),
  });
});

test("the client asks for what servers ask for: the password, or what new users have to do", () => {
  expect(stagesIn("deleteDevices")).toEqual(["m.login.password"]);
  expect(stagesIn("register")).toEqual(["m.login.terms", "m.login.email.identity", "m.login.dummy"]);
});

function find(operationId: string): (typeof operations)[number] {
  const found = operations.find(({ descriptor }) => descriptor.operationId === operationId);
  if (found === undefined) throw new Error(`${operationId} is not described any more`);
  return found;
}

/** What a shell hands to curl as `-d`. */
function sentBy(sample = ""): unknown {
  const { stdout } = spawnSync("sh", ["-c", `curl() { for last; do :; done; echo "$last"; }\n${sample}`], {
    encoding: "utf8",
    env: { SESSION: "a session" },
  });
  return JSON.parse(stdout);
}

function stagesIn(operationId: string): (string | undefined)[] {
  return [...clientSample(find(operationId)).matchAll(/"(m\.login\.[a-z.]+)":/g)].map(([, stage]) => stage);
}
