import { readdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resolveConfiguration } from "../../../configuration/load-configuration.ts";
import { systemRandom } from "../../../crypto/random.ts";
import { readAnswer } from "../../../fixtures/call.ts";
import { createBomb, createImages } from "../fixtures/images.ts";
import type { TestImages } from "../fixtures/images.ts";
import { mediaClient } from "../fixtures/media-client.ts";
import type { MediaClient } from "../fixtures/media-client.ts";
import { startMediaHomeserver } from "../fixtures/media-homeserver.ts";
import type { MediaHomeserver } from "../fixtures/media-homeserver.ts";
import { createMedia } from "../media.ts";

let home: MediaHomeserver;
let alice: MediaClient;
let images: TestImages;

beforeAll(async () => {
  images = await createImages();
  home = await startMediaHomeserver();
  alice = mediaClient(home, await home.register("alice"));
});

afterAll(async () => {
  images.close();
  await home[Symbol.asyncDispose]();
});

type Kind = "jpeg" | "png" | "webp" | "movingGif" | "movingWebp" | "sidewaysJpeg";

async function thumbnail(kind: Kind, query: string) {
  const answer = await alice.thumbnail(await alice.put(images[kind]), query);
  expect(answer.status).toBe(200);
  const { width, height, frames } = images.measure(await answer.bytes());
  return [answer.headers.get("content-type"), width, height, frames];
}

test.each<[Kind, string, unknown[]]>([
  ["jpeg", "width=320&height=240&method=scale", ["image/jpeg", 320, 240, 1]],
  ["jpeg", "width=300&height=100&method=scale", ["image/jpeg", 320, 240, 1]],
  ["jpeg", "width=96&height=96", ["image/jpeg", 128, 96, 1]],
  ["jpeg", "width=96&height=96&method=crop", ["image/jpeg", 96, 96, 1]],
  ["jpeg", "width=200&height=50&method=crop", ["image/jpeg", 200, 50, 1]],
  ["sidewaysJpeg", "width=96&height=96", ["image/jpeg", 128, 96, 1]],
  ["png", "width=32&height=32&method=crop", ["image/png", 32, 32, 1]],
  ["webp", "width=32&height=32", ["image/webp", 43, 32, 1]],
  ["movingGif", "width=32&height=32", ["image/png", 43, 32, 1]],
  ["movingGif", "width=32&height=32&animated=false", ["image/png", 43, 32, 1]],
  ["movingGif", "width=32&height=32&animated=true", ["image/webp", 43, 32, 4]],
  ["movingGif", "width=96&height=32&method=crop&animated=true", ["image/webp", 96, 32, 4]],
  ["movingWebp", "width=96&height=96&method=crop&animated=true", ["image/webp", 96, 96, 4]],
  // Nothing is enlarged: the file itself is sent.
  ["jpeg", "width=640&height=480&method=scale", ["image/jpeg", 400, 300, 1]],
  ["jpeg", "width=401&height=10&method=crop", ["image/jpeg", 400, 300, 1]],
  ["png", "width=5000&height=5000", ["image/png", 400, 300, 1]],
  ["movingGif", "width=800&height=600&animated=true", ["image/gif", 400, 300, 4]],
  ["movingGif", "width=800&height=600", ["image/png", 400, 300, 1]],
])("%s at %s", async (kind, query, expected) => {
  expect(await thumbnail(kind, query)).toEqual(expected);
});

test("a thumbnail does no harm and has a name", async () => {
  const { headers } = await alice.thumbnail(await alice.put(images.png, { type: "text/html" }), "width=32&height=32");
  expect(headers.get("content-type")).toBe("image/png");
  expect(headers.get("content-disposition")).toBe("inline; filename=thumbnail.png");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("cross-origin-resource-policy")).toBe("cross-origin");
});

test("images that claim to be huge are refused before they are decoded", async () => {
  const bomb = createBomb(30_000, 30_000);
  expect(bomb.length).toBeLessThan(200);
  const mediaId = await alice.put(bomb, { type: "image/png" });
  const answer = await readAnswer(await alice.thumbnail(mediaId, "width=32&height=32"));
  expect(answer).toMatchObject({ status: 413, body: { errcode: "M_TOO_LARGE" } });
});

test("what is no image, or a broken one, has no thumbnail, and costs the next one nothing", async () => {
  const cut = images.jpeg.slice(0, 1000);
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>';
  for (const [body, type] of [
    ["just text", "image/png"],
    [svg, "image/svg+xml"],
    [cut, "image/jpeg"],
    [createBomb(100, 100), "image/png"],
    ["", "image/png"],
  ] as const) {
    const answer = await readAnswer(await alice.thumbnail(await alice.put(body, { type }), "width=32&height=32"));
    expect(answer).toMatchObject({ status: 400, body: { errcode: "M_UNKNOWN" } });
  }
  expect((await alice.thumbnail(await alice.put(images.jpeg), "width=32&height=32")).status).toBe(200);
});

test("a width that is none is refused", async () => {
  const mediaId = await alice.put(images.jpeg);
  for (const query of ["width=0&height=1", "width=1", "width=1&height=1&method=stretch"]) {
    expect((await alice.thumbnail(mediaId, query)).status).toBe(400);
  }
});

test("many at once get the same, which is kept as a file until it is old", async () => {
  const before = new Set(await readdir(join(home.folder, "thumbnails")));
  const mediaId = await alice.put(images.jpeg);
  const answers = await Promise.all(
    Array.from({ length: 50 }, async () => (await alice.thumbnail(mediaId, "width=96&height=96&method=crop")).bytes()),
  );
  expect(new Set(answers.map((bytes) => Buffer.from(bytes).toString("base64"))).size).toBe(1);
  const [original = ""] = (await readdir(join(home.folder, "thumbnails"))).filter((name) => !before.has(name));
  const kept = () => readdir(join(home.folder, "thumbnails", original));
  expect(await kept()).toEqual(["96x96-crop.jpeg"]);

  const media = createMedia({
    config: await resolveConfiguration({ media: { path: home.folder } }),
    random: systemRandom,
  });
  const [time, path] = [home.clock.now(), join(home.folder, "thumbnails", original, "96x96-crop.jpeg")];
  await utimes(path, time / 1000, time / 1000);
  await media.thumbnails.prune(time);
  expect(await kept()).toEqual(["96x96-crop.jpeg"]);
  await media.thumbnails.prune(time + 1);
  expect(await kept()).toEqual([]);
  expect((await alice.thumbnail(mediaId, "width=96&height=96&method=crop")).status).toBe(200);
});
