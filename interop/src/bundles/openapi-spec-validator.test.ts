import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { bundleFolder, openApiFiles } from "./bundle-folder.ts";
import { pythonEnvironment } from "../python-environment.ts";

const run = promisify(execFile);
const minutes = 60_000;
let programs: string;

beforeAll(async () => {
  const requirements = fileURLToPath(new URL("./requirements.txt", import.meta.url));
  programs = await pythonEnvironment("openapi-spec-validator", requirements);
}, 5 * minutes);

test(
  "accepts every bundle",
  async () => {
    const { stdout } = await run(join(programs, "openapi-spec-validator"), openApiFiles);
    expect(stdout.trim().split("\n")).toEqual(openApiFiles.map((file) => `${file}: OK`));
  },
  3 * minutes,
);

test("does not accept what only OpenAPI 3.1 allows in a document of 3.0", async () => {
  const folder = await mkdtemp(join(tmpdir(), "bundle-"));
  try {
    const file = join(folder, "wrong.json");
    const components = { schemas: { A: { type: ["string", "null"] } } };
    await writeFile(
      file,
      JSON.stringify({ openapi: "3.0.3", info: { title: "", version: "" }, paths: {}, components }),
    );
    await expect(run(join(programs, "openapi-spec-validator"), [file])).rejects.toThrow();
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** Its YAML is that of most of the Python world, and of version 1.1, in which `no`, `1_0` and dates are no strings. */
const comparison = `
import json, sys, yaml
for path in sys.argv[1:]:
    with open(path + ".yaml") as file: found = yaml.load(file, yaml.CSafeLoader)
    with open(path + ".json") as file: wanted = json.load(file)
    del wanted["x-generated"]
    print(found == wanted)
`;

test("reads the same from YAML and from JSON", async () => {
  const names = ["client-server", "identity", "events"].flatMap((name) => [name, `${name}-3.0`]);
  const args = ["-c", comparison, ...names.map((name) => join(bundleFolder, name))];
  const { stdout } = await run(join(programs, "python"), args);
  expect(stdout.trim().split("\n")).toEqual(names.map(() => "True"));
});
