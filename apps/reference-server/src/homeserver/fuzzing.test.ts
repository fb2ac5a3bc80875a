import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { locationForProcess } from "../storage/fixtures/databases.ts";
import { fuzz } from "./fixtures/fuzzing/fuzz.ts";

// MATRIX_FUZZ_REQUESTS=100000 MATRIX_FUZZ_SEED=2 for a longer look, at other requests.
const requests = Number(process.env["MATRIX_FUZZ_REQUESTS"] ?? 3000);
const seed = Number(process.env["MATRIX_FUZZ_SEED"] ?? 1);
const megabyte = 1024 * 1024;

test(
  "whatever either server is asked, the answer is a described one, and no memory is kept",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "fuzzed-homeserver-"));
    try {
      const database = await locationForProcess(join(folder, "server.db"));
      const report = await fuzz({ seed, requests, database, media: join(folder, "media") });
      expect(report.faults.join("\n"), report.logged.slice(0, 5000)).toBe("");
      expect(report.succeeded.size, "operations that have succeeded").toBeGreaterThan(80);
      expect(report.memory.late - report.memory.early).toBeLessThan(30 * megabyte);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  60_000 + requests * 20,
);
