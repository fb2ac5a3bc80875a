import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

test("npm start says where everything is, its curl registers a user, and Ctrl-C stops it", async () => {
  const flags = ["docs-port", "port", "identity-port", "inbox-port"].flatMap((name) => [`--${name}`, "0"]);
  const folder = mkdtempSync(join(tmpdir(), "start-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const fixtures = join(folder, "fixtures.json");
  writeFileSync(fixtures, JSON.stringify({ users: { bob: { devices: { D: { accessToken: "bobs-token" } } } } }));
  const script = fileURLToPath(new URL("start.ts", import.meta.url));
  const start = spawn(
    process.execPath,
    ["--conditions=matrix-openapi-source", script, ...flags, "--database", ":memory:", "--fixtures", fixtures],
    { stdio: ["ignore", "pipe", "ignore"], cwd: fileURLToPath(new URL("..", import.meta.url)) },
  );
  const exited = once(start, "exit");
  const lines: string[] = [];
  for await (const line of createInterface({ input: start.stdout })) {
    lines.push(line.trim());
    if (line.startsWith("Ctrl-C")) break;
  }

  const url = (name: string): string => lines.find((line) => line.startsWith(name))?.split(/\s{2,}/)[1] ?? `no ${name}`;
  expect(await (await fetch(url("Docs"))).text()).toContain("Matrix");
  expect((await fetch(`${url("Identity server")}/_matrix/identity/v2`)).status).toBe(200);
  expect((await fetch(url("Inbox"))).status).toBe(200);

  const whoami = await fetch(`${url("Homeserver")}/_matrix/client/v3/account/whoami?access_token=bobs-token`);
  expect(await whoami.json()).toMatchObject({ user_id: "@bob:localhost" });

  const curl = lines.find((line) => line.startsWith("curl ")) ?? "no curl";
  const answer = JSON.parse(execFileSync("sh", ["-c", `${curl} --silent`], { encoding: "utf8" })) as object;
  expect(answer).toMatchObject({ user_id: expect.stringMatching(/^@alice-/), access_token: expect.any(String) });

  start.kill("SIGINT");
  expect(await exited).toEqual([0, null]);
  await expect(fetch(url("Homeserver"))).rejects.toThrow();
}, 60_000);
