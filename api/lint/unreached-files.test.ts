import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { unreachedFiles } from "./unreached-files.ts";

test("every file is part of a description", () => {
  expect(unreachedFiles(join(import.meta.dirname, ".."))).toEqual([]);
});

test("a forgotten file is found", () => {
  const api = mkdtempSync(join(tmpdir(), "matrix-files-"));
  try {
    write(api, "client-server/openapi.yaml", "paths: {/a: {$ref: paths/a.yaml}}");
    write(api, "client-server/paths/a.yaml", "get: {schema: {$ref: ../../shared/A.yaml}}");
    write(api, "client-server/paths/forgotten.yaml", "get: {schema: {$ref: ../../shared/B.yaml}}");
    write(api, "client-server/common-errors.yaml", "anywhere: [{errcode: M_UNKNOWN, status: 500}]");
    write(api, "shared/A.yaml", "type: string");
    write(api, "shared/B.yaml", "type: string");
    write(api, "shared/errors/M_UNKNOWN.yaml", "type: object");
    write(api, "shared/errors/M_FORGOTTEN.yaml", "type: object");
    write(api, "events/m.room.member.yaml", "type: object");
    expect(unreachedFiles(api).toSorted()).toEqual([
      "client-server/paths/forgotten.yaml",
      "events/m.room.member.yaml",
      "shared/B.yaml",
      "shared/errors/M_FORGOTTEN.yaml",
    ]);
  } finally {
    rmSync(api, { recursive: true, force: true });
  }
});

function write(api: string, path: string, text: string): void {
  const file = join(api, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
