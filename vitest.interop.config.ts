import { defineConfig } from "vitest/config";
import { ClosingLineReporter } from "./scripts/closing-line-reporter.ts";

export default defineConfig({
  test: {
    execArgv: ["--conditions=matrix-openapi-source"],
    include: ["interop/src/**/*.test.ts"],
    reporters: ["default", new ClosingLineReporter()],
    testTimeout: 60_000,
    // The SDK logs every request.
    silent: "passed-only",
    // One story at a time: each starts servers of its own on a machine that may have two cores.
    fileParallelism: false,
  },
});
