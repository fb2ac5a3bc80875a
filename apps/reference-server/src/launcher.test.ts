import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { finished, runNode } from "./fixtures/command.ts";

const command = fileURLToPath(new URL("../bin/matrix-reference-server.js", import.meta.url));

// Test suites start the command and end it with `child.kill()`; nothing may live on and keep the ports.
test("a signal to the command stops the servers behind it", async () => {
  const ports = ["--port", "0", "--identity-port", "0", "--inbox-port", "0"];
  const child = spawn(process.execPath, [command, "--json", ...ports], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const [line] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string]; // text, by the encoding set
  const { homeserver } = JSON.parse(line) as { homeserver: string };
  expect((await fetch(`${homeserver}/_matrix/client/versions`)).status).toBe(200);
  child.kill("SIGTERM");
  expect(await exited).toEqual([0, null]);
  await expect(fetch(`${homeserver}/_matrix/client/versions`)).rejects.toThrow();
});

test("a Node that is too old is told which one it takes", async () => {
  const older = 'Object.defineProperty(process, "versions", { value: { node: "20.20.2" } })';
  expect(await finished(runNode(["--import", `data:text/javascript,${encodeURIComponent(older)}`, command]))).toEqual({
    code: 1,
    stdout: "",
    stderr: "matrix-reference-server: this is Node 20.20.2; expected Node 24 or newer\n",
  });
});
