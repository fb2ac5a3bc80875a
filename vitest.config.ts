import { defineConfig } from "vitest/config";
import { ClosingLineReporter } from "./scripts/closing-line-reporter.ts";

const conditions = ["matrix-openapi-source"];

export default defineConfig({
  // Workspace packages are tested from their TypeScript, without a build (ARCHITECTURE.md, "Running from source").
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**", "interop/**"],
    execArgv: ["--conditions=matrix-openapi-source"],
    reporters: ["default", new ClosingLineReporter()],
    testTimeout: 20_000,
  },
});
