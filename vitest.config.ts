import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { ClosingLineReporter } from "./scripts/closing-line-reporter.ts";

const conditions = ["matrix-openapi-source"];
const fixtures = new URL("apps/reference-server/src/storage/fixtures/", import.meta.url);
// MATRIX_TEST_POSTGRES=postgres://… runs the reference server's tests on that server, whose user may create databases.
const isOnPostgres = process.env["MATRIX_TEST_POSTGRES"] !== undefined;
const postgresForSqlite = {
  find: /^.*\/sqlite-engine\.ts$/,
  replacement: fileURLToPath(new URL("postgres-for-sqlite.ts", fixtures)),
};
// The README's words as they are, which take a snapshot.
const ofSqliteAlone = "apps/reference-server/src/fixtures/readme-fixtures.test.ts";

export default defineConfig({
  // Workspace packages are tested from their TypeScript, without a build (ARCHITECTURE.md, "Running from source").
  resolve: { conditions, alias: isOnPostgres ? [postgresForSqlite] : [] },
  ssr: { resolve: { conditions } },
  test: {
    include: ["**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**", "interop/**", ...(isOnPostgres ? [ofSqliteAlone] : [])],
    execArgv: ["--conditions=matrix-openapi-source"],
    reporters: ["default", new ClosingLineReporter()],
    // Many tests wait for servers, so that two are no more than two cores can do.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 20_000,
    // Each database is made, and is a network away; on a busy machine that adds up.
    ...(isOnPostgres && { testTimeout: 120_000, hookTimeout: 60_000 }),
  },
});
