import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runRedocly } from "../lint/redocly-cli.ts";
import { type Description, exampleFaults } from "./example-faults.ts";
import { examplesOf } from "./examples-of.ts";

const api = join(import.meta.dirname, "..");

test.each(["client-server", "identity", "events"])("%s: every example fits its schema", async (name) => {
  const description = await bundle(join(api, name, "openapi.yaml"));
  expect([...examplesOf(description)].length).toBeGreaterThan(100);
  expect(exampleFaults(description)).toEqual([]);
});

test("a wrong example is found wherever one may stand", async () => {
  const description = await bundle(join(import.meta.dirname, "fixtures", "wrong.yaml"));
  const responses = "/paths/~1devices~1{deviceId}/get/responses/200";
  expect(exampleFaults(description).map(({ at }) => at)).toEqual([
    "/paths/~1devices~1{deviceId}/parameters/0/example",
    `${responses}/headers/Retry-After/example`,
    `${responses}/content/application~1json/examples/tagged`,
    `${responses}/content/application~1json/examples/shared`,
    "/paths/~1devices~1{deviceId}/put/requestBody/content/application~1json/example",
    "/components/schemas/DeviceId/examples/1",
    "/components/schemas/Login/examples/1",
    "/components/schemas/Login/examples/2",
    "/components/schemas/Token/properties/lifetime/default",
    "/components/schemas/Token/properties/keys/items/additionalProperties/examples/0",
  ]);
});

async function bundle(root: string): Promise<Description> {
  const folder = await mkdtemp(join(tmpdir(), "matrix-examples-"));
  try {
    const output = join(folder, "bundle.json");
    const { ok, stderr } = await runRedocly([
      "bundle",
      root,
      "--output",
      output,
      "--component-renaming-conflicts-severity=error",
    ]);
    if (!ok) throw new Error(`${root} cannot be bundled: ${stderr}`);
    return JSON.parse(await readFile(output, "utf8"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
