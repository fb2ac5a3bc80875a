import { mkdtemp, readdir, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resolveConfiguration } from "../../configuration/load-configuration.ts";
import { systemRandom } from "../../crypto/random.ts";
import { startReferenceServer } from "../../index.ts";
import { openDatabase } from "../../storage/database.ts";
import type { Database } from "../../storage/database.ts";
import { createSharedDatabase } from "../../storage/fixtures/databases.ts";
import { startHomeserver } from "../fixtures/homeserver.ts";
import type { TestHomeserver } from "../fixtures/homeserver.ts";
import { cleanUpMedia } from "./clean-up.ts";
import { mediaClient, mediaIdOf } from "./fixtures/media-client.ts";
import type { MediaClient } from "./fixtures/media-client.ts";
import { createMedia } from "./media.ts";

let folder: string;
let home: TestHomeserver;
let db: Database;
let here: MediaClient;
let there: MediaClient;
const closing = new AsyncDisposableStack();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "media-"));
  closing.defer(() => rm(folder, { recursive: true }));
  const { location: database } = closing.use(await createSharedDatabase());
  home = closing.use(await startHomeserver({ database, media: { path: folder } }));
  db = await openDatabase(database, home.clock);
  closing.defer(() => db.destroy());
  const other = closing.use(
    await startReferenceServer({ database, media: { path: folder }, clock: home.clock, passwordHashing: "test" }),
  );
  const alice = await home.register("alice");
  here = mediaClient(home, alice);
  there = mediaClient({ url: other.homeserver }, alice);
});

afterAll(() => closing.disposeAsync());

test("a file that is uploaded to one process is sent by another, and wakes those who wait there", async () => {
  const mediaId = mediaIdOf(await here.create());
  const waiting = there.get(`download/localhost/${mediaId}?timeout_ms=60000`);
  await expect(Promise.race([waiting, new Promise((resolve) => setTimeout(resolve, 100, "waits"))])).resolves.toBe(
    "waits",
  );
  expect((await here.uploadTo(mediaId, "from here")).status).toBe(200);
  expect(await (await waiting).text()).toBe("from here");
});

test("files that no row names are taken away after a day, by whatever clock the server goes, and nothing else", async () => {
  const config = await resolveConfiguration({ media: { path: folder } });
  const media = createMedia({ config, random: systemRandom });
  const mediaId = await here.put("kept");
  const before = await readdir(join(folder, "files"));
  home.clock.advance(48 * 3_600_000);
  const [orphan, fresh] = [await media.files.write(Buffer.from("orphan")), await media.files.write(Buffer.from("new"))];
  const old = new Date(Date.now() - 25 * 3_600_000);
  for (const file of [...before, orphan.file]) await utimes(join(folder, "files", file), old, old);
  await cleanUpMedia({ config, clock: home.clock, db }, media);
  expect((await readdir(join(folder, "files"))).toSorted()).toEqual([...before, fresh.file].toSorted());
  expect(await (await there.get(`download/localhost/${mediaId}`)).text()).toBe("kept");
  await media.close();
});

test("what has expired goes from the database, too", async () => {
  const mediaId = mediaIdOf(await here.create());
  const rows = () => db.selectFrom("hs_media").select("media_id").where("media_id", "=", mediaId).execute();
  const config = await resolveConfiguration({ media: { path: folder } });
  const media = createMedia({ config, random: systemRandom });
  await cleanUpMedia({ config, clock: home.clock, db }, media);
  expect(await rows()).toHaveLength(1);
  home.clock.advance(24 * 3_600_000);
  await cleanUpMedia({ config, clock: home.clock, db }, media);
  expect(await rows()).toEqual([]);
});

test("in memory, the folder goes with the server", async () => {
  const folders = async () => (await readdir(tmpdir())).filter((name) => name.startsWith("matrix-media-"));
  const before = new Set(await folders());
  const server = await startHomeserver({ database: ":memory:", media: { path: null } });
  const carol = mediaClient(server, await server.register("carol"));
  await carol.put("x");
  const made = (await folders()).filter((name) => !before.has(name));
  expect(made.length).toBeGreaterThan(0);
  await server[Symbol.asyncDispose]();
  const left = await folders();
  expect(made.filter((name) => left.includes(name)).length).toBeLessThan(made.length);
});
