import { expect, test } from "vitest";
import { pngOf, sizeOf } from "./images.ts";

const latin1 = (text: string) => Buffer.from(text, "latin1");

test.each([
  ["a PNG", pngOf(400, 20), { width: 400, height: 20 }],
  ["a GIF", latin1("GIF89a\x90\x01\x14\x00"), { width: 400, height: 20 }],
  [
    "a JPEG whose frame comes after other segments",
    latin1("\xff\xd8\xff\xe0\x00\x04JF\xff\xc4\x00\x03T\xff\xc0\x00\x0b\x08\x00\x14\x01\x90\x01\x01\x11\x00"),
    { width: 400, height: 20 },
  ],
  ["a JPEG that breaks off", latin1("\xff\xd8\xff\xe0\x00\x04JF"), null],
  ["anything else", latin1("RIFF....WEBP"), null],
])("reads the size of %s", (_what, bytes, size) => {
  expect(sizeOf(bytes)).toEqual(size);
});
