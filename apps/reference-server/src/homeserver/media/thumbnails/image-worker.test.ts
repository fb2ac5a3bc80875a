import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBomb } from "../fixtures/images.ts";
import { createImageWorker } from "./image-worker.ts";
import type { ImageWorker } from "./image-worker.ts";

let folder: string;
let worker: ImageWorker;
let source: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "images-"));
  source = join(folder, "image");
  writeFileSync(source, createBomb(30, 20));
  worker = createImageWorker();
});

afterAll(async () => {
  await worker.close();
  await rm(folder, { recursive: true });
});

const measured = { kind: "measured", format: "png", width: 30, height: 20 };

test("a job that breaks the thread costs the others nothing", async () => {
  const jobs = [source, join(folder, "missing"), source].map((path) => worker.run({ kind: "measure", source: path }));
  expect(await Promise.all(jobs)).toEqual([measured, { kind: "too-large" }, measured]);
});

test("of too many jobs at once, those that would wait too long are refused", async () => {
  const jobs = Array.from({ length: 100 }, () => worker.run({ kind: "measure", source }));
  const outcomes = await Promise.allSettled(jobs);
  const refused = outcomes.filter(({ status }) => status === "rejected");
  expect(refused.length).toBe(36);
  expect(refused[0]).toMatchObject({ reason: { status: 429, errcode: "M_LIMIT_EXCEEDED" } });
  expect(await worker.run({ kind: "measure", source })).toEqual(measured);
});

test("it starts again after it was closed", async () => {
  await worker.close();
  expect(await worker.run({ kind: "measure", source })).toEqual(measured);
});
