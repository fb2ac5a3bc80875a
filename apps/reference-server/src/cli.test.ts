import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { finished, freePorts, ready, runNode } from "./fixtures/command.ts";

const cli = fileURLToPath(new URL("../bin/matrix-reference-server.js", import.meta.url));
const run = (...args: string[]) => runNode(["--conditions=matrix-openapi-source", cli, ...args]);

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "reference-server-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("--json prints the three URLs once they answer, and Ctrl-C stops everything with 0", async () => {
  const child = run("--json", ...freePorts);
  const urls = await ready(child);
  expect(Object.keys(urls)).toEqual(["homeserver", "identity", "inbox"]);
  expect((await fetch(`${urls.homeserver}/_matrix/client/versions`)).status).toBe(200);
  expect((await fetch(`${urls.identity}/_matrix/identity/versions`)).status).toBe(200);
  expect((await fetch(urls.inbox)).status).toBe(200);
  const ended = finished(child);
  child.kill("SIGINT");
  expect(await ended).toMatchObject({ code: 0, stderr: "" });
  await expect(fetch(urls.homeserver)).rejects.toThrow("fetch failed");
});

test.each([
  [["--prot", "1"], "Unknown option '--prot'"],
  [["--port", "http"], '--port is "http"; expected a port from 0 to 65535'],
  [["--identity-port", "65536"], '--identity-port is "65536"'],
  [["extra"], "Unexpected argument 'extra'"],
])("%j is a mistake of the command line: exit code 2", async (args, message) => {
  const { code, stdout, stderr } = await finished(run(...args));
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(message);
  expect(stderr).toContain("--help lists the options");
});

test("failures end with 1 and one line that names the way out", async () => {
  const other = run("--json", ...freePorts);
  const { port } = new URL((await ready(other)).homeserver);
  const taken = await finished(run("--json", ...freePorts, "--port", port));
  expect(taken).toMatchObject({ code: 1, stdout: "" });
  expect(taken.stderr).toBe(
    `matrix-reference-server: the homeserver cannot listen: port ${port} on 127.0.0.1 is in use; choose another one with --port, or 0 for a free one\n`,
  );
  const config = join(temporaryFolder(), "config.json");
  writeFileSync(config, '{"mail": {"smtp": "x"}}');
  const wrong = await finished(run("--config", config));
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toContain(`${config}:\n  mail.smtp is no known field; expected one of smtpUrl, from\n`);
  const everywhere = await finished(run(...freePorts, "--host", ""));
  expect([everywhere.code, everywhere.stderr]).toEqual([
    1,
    expect.stringMatching(/:\n {2}host is empty; expected.*\n$/),
  ]);
  const database = await finished(run(...freePorts, "--database", "mysql://localhost/x"));
  expect([database.code, database.stderr]).toEqual([
    1,
    expect.stringContaining("given as a mysql URL; expected :memory:"),
  ]);
});

test("--help and --version answer on stdout", async () => {
  expect(await finished(run("--help"))).toMatchObject({
    code: 0,
    stderr: "",
    stdout: expect.stringContaining("--identity-port") as string,
  });
  expect(await finished(run("--version"))).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\S*\n$/) as string,
  });
});

test("flags win over the file, the file over the defaults", async () => {
  const config = join(temporaryFolder(), "config.json");
  writeFileSync(config, JSON.stringify({ port: 1, identityPort: 0, inboxPort: 0 }));
  const urls = await ready(run("--json", "--config", config, "--port", "0"));
  expect(new URL(urls.homeserver).port).not.toBe("1");
  expect(new URL(urls.identity).port).not.toBe("8090");
});

test("users and rooms of a file are there once it is ready; a mistake in it is one sentence", async () => {
  const fixtures = join(temporaryFolder(), "fixtures.json");
  writeFileSync(fixtures, JSON.stringify({ users: { alice: { devices: { D: { accessToken: "given-token" } } } } }));
  const { homeserver } = await ready(run("--json", ...freePorts, "--fixtures", fixtures));
  const whoami = await fetch(`${homeserver}/_matrix/client/v3/account/whoami?access_token=given-token`);
  expect(await whoami.json()).toMatchObject({ user_id: "@alice:localhost" });

  writeFileSync(fixtures, JSON.stringify({ users: { alice: { devices: {} } } }));
  const wrong = await finished(run(...freePorts, "--fixtures", fixtures));
  expect(wrong).toMatchObject({ code: 1, stdout: "" });
  expect(wrong.stderr).toContain(
    `${fixtures}:\n  users.alice.devices is an object, not shown because it may be secret; expected:`,
  );
});
