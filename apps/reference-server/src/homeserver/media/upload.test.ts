import { readdir } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readAnswer } from "../../fixtures/call.ts";
import { mediaClient, mediaIdOf, streamOf } from "./fixtures/media-client.ts";
import type { MediaClient } from "./fixtures/media-client.ts";
import { startMediaHomeserver } from "./fixtures/media-homeserver.ts";
import type { MediaHomeserver } from "./fixtures/media-homeserver.ts";

const limit = 6 * 1024 * 1024;
let home: MediaHomeserver;
let alice: MediaClient;
let bob: MediaClient;

beforeAll(async () => {
  home = await startMediaHomeserver({ media: { maximumUploadBytes: limit, maximumPendingUploads: 3 } });
  alice = mediaClient(home, await home.register("alice"));
  bob = mediaClient(home, await home.register("bob"));
});

afterAll(() => home[Symbol.asyncDispose]());

const filesThere = () => readdir(join(home.folder, "files"));

const download = async (mediaId: string) => (await alice.get(`download/localhost/${mediaId}`)).bytes();

test.each([0, 1, 5 * 1024 * 1024, limit])("%i bytes come back as they were", async (size) => {
  const bytes = new Uint8Array(size).map((_, index) => (index * 31) % 251);
  const mediaId = await alice.put(bytes, { type: "application/zip" });
  const answer = await alice.get(`download/localhost/${mediaId}`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-length")).toBe(String(size));
  expect(Buffer.compare(Buffer.from(await answer.arrayBuffer()), bytes)).toBe(0);
});

test("a stream without Content-Length may have as many bytes as the limit, and no more", async () => {
  const mediaId = mediaIdOf(await alice.upload(streamOf(limit)));
  expect((await download(mediaId)).length).toBe(limit);
  const before = await filesThere();
  const refused = { status: 413, body: { errcode: "M_TOO_LARGE" } };
  expect(await alice.upload(streamOf(limit + 1))).toMatchObject(refused);
  expect(await alice.upload(new Uint8Array(limit + 1))).toMatchObject(refused);
  expect(await alice.upload(streamOf(limit + 1_000_000))).toMatchObject(refused);
  expect(await filesThere()).toEqual(before);
});

test("the limit is told", async () => {
  for (const path of ["client/v1/media/config", "media/v3/config"]) {
    const { body } = await readAnswer(
      await fetch(`${home.url}/_matrix/${path}`, {
        headers: { authorization: `Bearer ${(await home.login("alice")).body.access_token}` },
      }),
    );
    expect(body).toEqual({ "m.upload.size": limit });
  }
});

test("an upload that is cut off leaves nothing", async () => {
  const before = await filesThere();
  const { access_token: token } = (await home.login("alice")).body;
  const cut = request(`${home.url}/_matrix/media/v3/upload`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-length": 1_000_000 },
  });
  cut.on("error", () => {});
  cut.write(new Uint8Array(500_000));
  await expect.poll(filesThere).toHaveLength(before.length + 1);
  cut.destroy();
  await expect.poll(filesThere).toEqual(before);
});

test("nobody uploads without a token, or as a guest", async () => {
  const upload = (headers: Record<string, string>) =>
    fetch(`${home.url}/_matrix/media/v3/upload`, { method: "POST", headers, body: "x" });
  expect((await upload({})).status).toBe(401);
  const guest = await home.call("POST", "/v3/register?kind=guest", { body: {} });
  expect((await upload({ authorization: `Bearer ${guest.body.access_token}` })).status).toBe(403);
});

test("a content URI is created first and uploaded to later, once and by its creator", async () => {
  const created = await alice.create();
  expect(created.body["unused_expires_at"]).toBe(home.clock.now() + 24 * 3_600_000);
  const mediaId = mediaIdOf(created);
  const path = `download/localhost/${mediaId}`;
  expect(await readAnswer(await alice.get(`${path}?timeout_ms=0`))).toMatchObject({
    status: 504,
    body: { errcode: "M_NOT_YET_UPLOADED" },
  });
  expect(await bob.uploadTo(mediaId, "bob's")).toMatchObject({ status: 403, body: { errcode: "M_FORBIDDEN" } });
  const waiting = [bob.get(`${path}?timeout_ms=60000`), alice.get(path)];
  expect(await alice.uploadTo(mediaId, "alice's", { type: "text/plain", filename: "a.txt" })).toMatchObject({
    status: 200,
    body: {},
  });
  for (const answer of await Promise.all(waiting)) {
    expect(answer.headers.get("content-disposition")).toBe("inline; filename=a.txt");
    expect(await answer.text()).toBe("alice's");
  }
  expect(await alice.uploadTo(mediaId, "again")).toMatchObject({
    status: 409,
    body: { errcode: "M_CANNOT_OVERWRITE_MEDIA" },
  });
  home.clock.advance(48 * 3_600_000);
  expect(await (await alice.get(path)).text()).toBe("alice's");
});

test("of many uploads to one content URI, one wins and is the one that is served", async () => {
  const mediaId = mediaIdOf(await alice.create());
  const before = (await filesThere()).length;
  const answers = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => ({
      index,
      ...(await alice.uploadTo(mediaId, `number ${index}`.repeat(10_000))),
    })),
  );
  const winners = answers.filter(({ status }) => status === 200);
  expect(winners).toHaveLength(1);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
  const winner = `number ${winners[0]?.index}`.repeat(10_000);
  expect(Buffer.from(await download(mediaId)).toString()).toBe(winner);
  expect(await filesThere()).toHaveLength(before + 1);
});

test("a content URI without a file expires, and a user may have only so many", async () => {
  const [mediaId = ""] = await Promise.all(Array.from({ length: 3 }, async () => mediaIdOf(await bob.create())));
  expect(await bob.create()).toMatchObject({
    status: 429,
    body: { errcode: "M_LIMIT_EXCEEDED", retry_after_ms: 24 * 3_600_000 },
  });
  expect((await alice.create()).status).toBe(200);
  const waiting = alice.get(`download/localhost/${mediaId}?timeout_ms=1`);
  expect((await waiting).status).toBe(504);
  home.clock.advance(24 * 3_600_000);
  const gone = { status: 404, body: { errcode: "M_NOT_FOUND" } };
  expect(await bob.uploadTo(mediaId, "late")).toMatchObject(gone);
  expect(await readAnswer(await alice.get(`download/localhost/${mediaId}`))).toMatchObject(gone);
  expect((await bob.create()).status).toBe(200);
  expect(await bob.uploadTo("neverCreated", "x")).toMatchObject(gone);
});

test("a user's files together may take so much, also when they come at the same time", async () => {
  await using small = await startMediaHomeserver({ media: { maximumBytesPerUser: 1000 } });
  const carol = mediaClient(small, await small.register("carol"));
  const answers = await Promise.all(Array.from({ length: 9 }, () => carol.upload(new Uint8Array(300))));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
  const { status, body } = answers.find((answer) => answer.status !== 200) ?? answers[0]!;
  expect({ status, errcode: body.errcode }).toEqual({ status: 403, errcode: "M_FORBIDDEN" });
  expect((await mediaClient(small, await small.register("dave")).upload(new Uint8Array(300))).status).toBe(200);
});
