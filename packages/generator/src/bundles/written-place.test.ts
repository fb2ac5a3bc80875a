import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { expect, test } from "vitest";
import { tiny, tinyRoot } from "../fixtures/tiny-copy.ts";
import { writtenPlace } from "./written-place.ts";

test.each([
  ["#/info/title", "tiny/openapi.yaml", "title:"],
  ["#/paths/~1_tiny~1devices/get/parameters/1/schema/type", "tiny/paths/devices.yaml", "type: string"],
  ["#/components/schemas/Device/properties/display_name", "tiny/schemas/Device.yaml", "display_name:"],
  ["#/components/schemas/M_NOT_FOUND/properties/errcode", "shared/errors/M_NOT_FOUND.yaml", "errcode:"],
  ["#/components/schemas/Device/properties/nowhere", "tiny/schemas/Device.yaml", "properties:"],
])("%s", async (pointer, file, text) => {
  const place = await writtenPlace(pointer, tinyRoot);
  expect(relative(`${tiny}/api`, place.file)).toBe(file);
  expect((await readFile(place.file, "utf8")).split("\n")[place.line - 1]).toContain(text);
});
