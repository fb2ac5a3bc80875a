import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pythonEnvironment } from "../python-environment.ts";
import { runServers } from "../running-servers.ts";
import type { RunningServers } from "../running-servers.ts";

const run = promisify(execFile);
const minutes = 60_000;
const beside = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

let servers: RunningServers;
let programs: string;

beforeAll(async () => {
  programs = await pythonEnvironment("matrix-nio", beside("./requirements.txt"));
  servers = await runServers({ passwordHashing: "test" });
}, 5 * minutes);

afterAll(() => servers?.stop());

test("two users of matrix-nio log in, talk and log out", async () => {
  const { stdout } = await run(join(programs, "python"), [beside("./story.py"), servers.homeserver]);
  const chapters = ["logged in", "joined", "received", "answered", "used the rest", "logged out"];
  expect(stdout.trim().split("\n")).toEqual(chapters);
});
