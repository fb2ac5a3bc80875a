import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callsTo } from "./fixtures/call.ts";
import { finished, freePorts, ready, runNode } from "./fixtures/command.ts";
import { createImages } from "./homeserver/media/fixtures/images.ts";

const repository = fileURLToPath(new URL("../../..", import.meta.url));
const packages = ["apps/reference-server", "packages/server", "packages/definitions"];
const project = mkdtempSync(join(tmpdir(), "project-"));
const modules = join(project, "node_modules");
const command = join(modules, "@matrix-openapi/reference-server/bin/matrix-reference-server.js");
const slow = 120_000;

beforeAll(() => {
  const options = { cwd: repository, env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" } };
  execFileSync(tool("turbo"), ["run", "build", "--filter=@matrix-openapi/reference-server"], options);
  for (const folder of packages) install(join(repository, folder));
  for (const name of ["vitest", "typescript", "@types/node"]) link(name);
  writeFileSync(join(project, "package.json"), '{ "type": "module" }');
}, slow);
afterAll(() => rmSync(project, { recursive: true }));

/** What npm would bring: what is packed, and of everything else only what is declared. */
function install(folder: string): void {
  const packed = execFileSync("npm", ["pack", "--json", "--loglevel=error", "--pack-destination", project], {
    cwd: folder,
  });
  const [{ filename, name }] = JSON.parse(String(packed)) as [{ filename: string; name: string }]; // what npm documents
  mkdirSync(join(modules, name), { recursive: true });
  execFileSync("tar", ["-xzf", join(project, filename), "-C", join(modules, name), "--strip-components=1"]);
  const { dependencies = {} } = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8")) as {
    dependencies?: Record<string, string>; // our own file
  };
  Object.keys(dependencies).forEach(link);
}

function link(name: string): void {
  if (name.startsWith("@matrix-openapi/")) return;
  mkdirSync(dirname(join(modules, name)), { recursive: true });
  symlinkSync(join(repository, "node_modules", name), join(modules, name));
}

function tool(name: string): string {
  return join(repository, "node_modules", ".bin", name);
}

test("what a package exports is in it", () => {
  for (const folder of packages) {
    const { name, exports } = JSON.parse(readFileSync(join(repository, folder, "package.json"), "utf8")) as {
      name: string;
      exports: Record<string, string | Record<string, string>>; // our own files
    };
    const files = Object.values(exports).flatMap((target) =>
      typeof target === "string" ? [] : [target["types"], target["default"]],
    );
    const missing = files.filter((file) => file !== undefined && !existsSync(join(modules, name, file)));
    expect(missing).toEqual([]);
  }
});

test("the command tells its options, its version, and mistakes in a file", async () => {
  expect(await finished(runNode([command, "--help"]))).toMatchObject({ code: 0, stderr: "" });
  const { version } = JSON.parse(readFileSync(join(command, "../../package.json"), "utf8")) as { version: string };
  expect((await finished(runNode([command, "--version"]))).stdout).toBe(`${version}\n`);

  const bridge = join(project, "bridge.yaml");
  const config = join(project, "config.json");
  writeFileSync(bridge, "id: bridge");
  for (const [given, message] of [
    [{ mail: { smtp: "x" } }, "mail.smtp is no known field; expected one of smtpUrl, from"],
    [{ applicationServices: [bridge] }, "applicationServices[0].as_token is missing"],
    [{ faults: [{ operation: "snyc" }] }, "snyc"],
    [{ database: "postgres://127.0.0.1:1/none" }, "cannot reach PostgreSQL: connect ECONNREFUSED"],
  ] as const) {
    writeFileSync(config, JSON.stringify(given));
    const { code, stdout, stderr } = await finished(runNode([command, ...freePorts, "--config", config]));
    expect([code, stdout, stderr]).toEqual([1, "", expect.stringContaining(message)]);
  }
});

test(
  "the command serves what is loaded late, too, and keeps its data",
  async () => {
    const config = join(project, "config.json");
    const fixtures = join(project, "fixtures.json");
    writeFileSync(
      config,
      JSON.stringify({ outbound: { allowPrivateAddresses: true }, database: join(project, "a.db") }),
    );
    writeFileSync(fixtures, JSON.stringify({ users: { alice: { devices: { D: { accessToken: "alices-token" } } } } }));
    const start = () => runNode([command, "--json", ...freePorts, "--config", config, "--fixtures", fixtures]);

    const first = start();
    const { homeserver, inbox } = await ready(first);
    const call = callsTo(`${homeserver}/_matrix`);
    const images = await createImages();
    const headers = { "content-type": "image/png", authorization: "Bearer alices-token" };
    const upload = await fetch(`${homeserver}/_matrix/media/v3/upload`, { method: "POST", headers, body: images.png });
    const { content_uri: uri } = (await upload.json()) as { content_uri: string };
    const media = `/client/v1/media/thumbnail/${uri.slice("mxc://".length)}?width=32&height=32`;
    const thumbnail = await fetch(`${homeserver}/_matrix${media}`, { headers });
    expect(images.measure(await thumbnail.bytes())).toMatchObject({ width: 43, height: 32 });
    images.close();

    const preview = await call("GET", "/client/v1/media/preview_url", { token: "alices-token", query: { url: inbox } });
    expect(preview.body["og:title"]).toBe("Inbox");
    const secret = { client_secret: "s", send_attempt: 1 };
    const mail = { ...secret, email: "alice@example.org" };
    expect((await call("POST", "/client/v3/register/email/requestToken", { body: mail })).status).toBe(200);
    const sms = { ...secret, country: "GB", phone_number: "07700900001" };
    expect((await call("POST", "/client/v3/register/msisdn/requestToken", { body: sms })).status).toBe(200);
    const { text } = await callsTo(inbox)("GET", "/api/messages");
    expect(text).toContain('"to":["alice@example.org"]');
    expect(text).toContain('"to":["447700900001"]');

    const ended = finished(first);
    first.kill("SIGTERM");
    expect(await ended).toMatchObject({ code: 0 });
    const second = callsTo(`${(await ready(start())).homeserver}/_matrix`);
    expect((await second("GET", media, { token: "alices-token" })).status).toBe(200);
  },
  slow,
);

test(
  "the README's tests run, and have their types",
  async () => {
    for (const name of ["readme-example.test.ts", "readme-fixtures.test.ts"]) {
      copyFileSync(new URL(`fixtures/${name}`, import.meta.url), join(project, name));
    }
    const compilerOptions = { module: "nodenext", strict: true, noEmit: true, lib: ["esnext", "dom"], types: ["node"] };
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
    const types = await finished(runNode([join(modules, "typescript/bin/tsc"), "-p", project]));
    expect(types).toMatchObject({ code: 0, stdout: "" });
    const tests = await finished(runNode([join(modules, "vitest/vitest.mjs"), "run", "--root", project], project));
    expect(tests).toMatchObject({ code: 0, stdout: expect.stringContaining("readme-example") as string });
  },
  slow,
);
