import { readdirSync, readFileSync } from "node:fs";
import { basename, join, sep } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { runRedocly } from "./redocly-cli.ts";

const fixtures = join(import.meta.dirname, "fixtures");
const rules = readdirSync(join(import.meta.dirname, "rules")).map((file) => basename(file, ".mjs"));
const descriptions = readdirSync(fixtures, { recursive: true, encoding: "utf8" })
  .filter((path) => /\/(fails|passes)\.yaml$/.test(path))
  .toSorted();

interface Problem {
  readonly ruleId: string;
  readonly message: string;
}

const problems = new Map<string, readonly Problem[]>();

beforeAll(async () => {
  const config = join(fixtures, "redocly.yaml");
  const paths = descriptions.map((path) => join(fixtures, path));
  const { stdout } = await runRedocly([
    "lint",
    ...paths,
    "--config",
    config,
    "--format",
    "json",
    "--max-problems",
    "1000",
  ]);
  // The CLI writes one JSON document after the other, in the order of its arguments.
  const reports: { problems: Problem[] }[] = JSON.parse(`[${stdout.replaceAll(/^\}\{$/gm, "},{")}]`);
  expect(reports).toHaveLength(descriptions.length);
  for (const [index, path] of descriptions.entries()) problems.set(path, reports[index]?.problems ?? []);
});

describe.each(rules)("%s", (rule) => {
  const own = descriptions.filter((path) => path.startsWith(rule + sep));

  test("has a description that fails and one that passes", () => {
    expect(own.map((path) => basename(path))).toEqual(["fails.yaml", "passes.yaml"]);
  });

  test.each(own)("%s: what is found is what the file announces", (path) => {
    const announced = [...readFileSync(join(fixtures, path), "utf8").matchAll(/^# finds: (.*)$/gm)].map(
      ([, text]) => text,
    );
    const found = messages(path, (problem) => problem.ruleId === `matrix/${rule}`);
    expect(found.map((message, index) => message.slice(0, announced[index]?.length ?? 120))).toEqual(announced);
    expect(announced.length > 0).toBe(path.endsWith("fails.yaml"));
  });

  test.each(own)("%s: is valid OpenAPI, so that only the house rule is tested", (path) => {
    expect(messages(path, (problem) => !problem.ruleId.startsWith("matrix/"))).toEqual([]);
  });

  test("is explained in the README", () => {
    const readme = readFileSync(join(import.meta.dirname, "..", "README.md"), "utf8");
    expect(readme).toContain(`| \`${rule}\` |`);
  });
});

test("every rule is in the plugin, and on", async () => {
  const plugin: { default: () => { configs: { "house-rules": { rules: Record<string, string> } } } } =
    await import("./plugin.mjs");
  expect(plugin.default().configs["house-rules"].rules).toEqual(
    Object.fromEntries(rules.map((rule) => [`matrix/${rule}`, "error"])),
  );
});

function messages(path: string, matches: (problem: Problem) => boolean): string[] {
  return (problems.get(path) ?? []).filter(matches).map((problem) => problem.message);
}
