import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { openApiFiles } from "./bundle-folder.ts";

const run = promisify(execFile);
const redocly = createRequire(import.meta.url).resolve("@redocly/cli/bin/cli.js");

/** Redocly's own idea of a good description, but for two rules that Matrix cannot keep. */
const config = {
  telemetry: "off",
  extends: ["recommended"],
  rules: {
    "no-path-trailing-slash": "off", // /_matrix/client/v3/pushrules/
    "no-empty-servers": "off", // events are told by no server in particular
  },
};

test("finds no error in any bundle", async () => {
  expect(await errorsIn(openApiFiles)).toEqual([]);
}, 180_000);

test("finds what is wrong", async () => {
  const folder = await mkdtemp(join(tmpdir(), "bundle-"));
  try {
    const file = join(folder, "wrong.json");
    const paths = { "/a": { get: { responses: { 200: { $ref: "#/nowhere" } } } } };
    await writeFile(file, JSON.stringify({ openapi: "3.1.0", info: { title: "", version: "" }, paths }));
    expect(await errorsIn([file])).toContain("no-unresolved-refs");
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** The rules that are broken. */
async function errorsIn(files: readonly string[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "redocly-"));
  try {
    const configFile = join(folder, "redocly.yaml");
    await writeFile(configFile, JSON.stringify(config)); // JSON is YAML
    const args = [
      redocly,
      "lint",
      `--config=${configFile}`,
      "--format=github-actions",
      "--max-problems=10000",
      ...files,
    ];
    const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
    const { stdout, stderr } = await run(process.execPath, args, { env, maxBuffer: 64 * 1024 * 1024 }).catch(
      (error: { stdout: string; stderr: string }) => error, // it ends with 1 where it finds something
    );
    // Otherwise it would have found nothing because it looked at nothing.
    expect(stderr.match(/: validated in /g)).toHaveLength(files.length);
    return [...stdout.matchAll(/^::error title=([^,]+)/gm)].map(([, rule = ""]) => rule);
  } finally {
    await rm(folder, { recursive: true });
  }
}
