import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Validate } from "@matrix-openapi/definitions";
import { requestValidators as clientServerValidators } from "@matrix-openapi/definitions/client-server/request-validators";
import { requestValidators as identityValidators } from "@matrix-openapi/definitions/identity/request-validators";
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
    const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("every curl sample is a request that the operation takes", () => {
  const requests = requestsOf(operations.map(curlSample).join("\n"));
  const expected = operations.flatMap((one) => (one.descriptor.uia === null ? [one] : [one, one]));
  expect(requests).toHaveLength(expected.length);
  for (const [index, { descriptor, api }] of expected.entries()) {
    const { method, url, headers, body } = requests[index] ?? unread;
    const { pathname, searchParams } = new URL(url);
    const { operationId, path, auth, requestBody } = descriptor;
    const validate = validators[api.slug]?.[operationId];
    expect({
      operationId,
      method,
      pathname,
      token: headers.some((header) => header.startsWith("Authorization: Bearer ")),
      query: validate?.query?.(Object.fromEntries(searchParams)) ?? true,
      body: body === undefined ? "none" : (validate?.body?.(JSON.parse(body)) ?? true),
    }).toEqual({
      operationId,
      method: descriptor.method,
      pathname: expect.stringMatching(`^${path.replaceAll(".", "[.]").replaceAll(/\{[^}]+\}/g, "[^/]*")}$`),
      token: auth.mode === "required",
      query: true,
      body: requestBody?.contentType === "application/json" ? true : "none",
    });
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

const validators: Readonly<Record<string, Readonly<Record<string, Validators>>>> = {
  "client-server": clientServerValidators,
  identity: identityValidators,
};

interface Validators {
  readonly query?: Validate;
  readonly body?: Validate;
}

const unread = { method: "", url: "", headers: [] as readonly string[], body: undefined as string | undefined };

/** What a shell makes of commands with curl: its arguments, read as curl does. */
function requestsOf(commands: string): (typeof unread)[] {
  const script = `curl() { printf '%s\\0' "$@"; printf '\\001'; }\n${commands}`;
  const { stdout } = spawnSync("sh", ["-c", script], {
    encoding: "utf8",
    env: { SESSION: "a session", ACCESS_TOKEN: "a token" },
  });
  return stdout
    .split("\u0001")
    .slice(0, -1)
    .map((call) => {
      const words = call.split("\0").slice(0, -1);
      const after = (option: string) => words.filter((_, index) => words[index - 1] === option);
      const values = new Set(["-X", "-H", "-d", "--data-binary", "-o"].flatMap(after));
      return {
        method: after("-X")[0] ?? "GET",
        url: words.find((word) => !word.startsWith("-") && !values.has(word)) ?? "",
        headers: after("-H"),
        body: after("-d")[0],
      };
    });
}

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
