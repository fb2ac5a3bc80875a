import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { startPostgres } from "./postgres-server.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const minutes = 60_000;

test("the reference server's own tests pass on PostgreSQL", { timeout: 30 * minutes }, async () => {
  await using postgres = await startPostgres();
  const { code, output } = await runTests("apps/reference-server", { MATRIX_TEST_POSTGRES: postgres.url });
  expect(code, output.slice(-20_000)).toBe(0);
  expect(output).toMatch(/\n\d{4,} passed, 0 failed/);
});

/** In a process of its own, as the variable has to be there when Vitest is configured. */
async function runTests(folder: string, variables: Record<string, string>) {
  const tests = spawn("npx", ["vitest", "run", "--config", "vitest.config.ts", "--maxWorkers=2", folder], {
    cwd: root,
    env: { ...process.env, ...variables, NO_COLOR: "1" },
  });
  let output = "";
  for (const stream of [tests.stdout, tests.stderr]) stream.on("data", (text: Buffer) => (output += text.toString()));
  const code = await new Promise<number | null>((resolve) => tests.on("close", resolve));
  return { code, output };
}
