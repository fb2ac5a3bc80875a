import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runRedocly } from "./redocly-cli.ts";

test("what is empty is reported by its place, and stops no rule", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lint-"));
  try {
    const file = join(folder, "openapi.yaml");
    await writeFile(file, description);
    const config = join(import.meta.dirname, "fixtures/redocly.yaml");
    const { stdout } = await runRedocly([
      "lint",
      file,
      "--config",
      config,
      "--format",
      "json",
      "--max-problems",
      "1000",
    ]);
    const { problems } = JSON.parse(stdout) as { problems: { ruleId: string; location: { pointer: string }[] }[] }; // as Redocly prints it
    const places = problems.filter(({ ruleId }) => ruleId === "struct").map(({ location }) => location[0]?.pointer);
    expect(places).toEqual(
      expect.arrayContaining([
        "#/paths/~1a/get",
        "#/paths/~1b/get/responses/200",
        "#/paths/~1c/get/responses",
        "#/paths/~1c/get/requestBody",
        "#/components/schemas/A",
      ]),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

const description = `openapi: 3.1.0
info: { title: Fixture, version: "1" }
paths:
  /a:
    get:
  /b:
    get:
      responses:
        "200":
        "403": { description: No., content: { application/json: } }
        "404": { description: No., content: { application/json: { schema: } } }
  /c:
    get:
      requestBody:
      responses:
components:
  schemas:
    A:
    B: { type: object, properties: , anyOf: [~] }
    C: { type: object, properties: { a: , b: , c: } }
`;
