import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freePort } from "../free-port.ts";
import { isUp } from "../is-up.ts";
import { pythonEnvironment } from "../python-environment.ts";
import { applicationServiceRegistration, registrationToken, synapseConfiguration } from "./configuration.ts";
import { startOutside } from "./outside.ts";

const run = promisify(execFile);

/** Synapse from PyPI on loopback, with an empty SQLite database of its own. */
export interface RunningSynapse extends AsyncDisposable {
  readonly url: string;
  /** What it calls itself, such as 1.163.2. */
  readonly version: string;
  /** Where it sends its mail; nobody listens there yet. */
  readonly smtpPort: number;
  readonly administrator: { readonly user: string; readonly password: string };
  /** A page that it can reach. */
  readonly page: string;
}

export async function startSynapse(): Promise<RunningSynapse> {
  const programs = await pythonEnvironment("synapse", fileURLToPath(new URL("requirements.txt", import.meta.url)));
  const folder = mkdtempSync(join(tmpdir(), "synapse-"));
  const outside = await startOutside();
  const [port, tlsPort, smtpPort] = [await freePort(), await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  writeFiles(folder, { port, tlsPort, smtpPort, outside: outside.url });
  const self = "req -x509 -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -keyout key.pem -out certificate.pem";
  await run("openssl", self.split(" "), { cwd: folder });

  const configuration = join(folder, "homeserver.yaml");
  const start = ["-m", "synapse.app.homeserver", "--config-path", configuration];
  await run(join(programs, "python"), [...start, "--generate-keys"], { cwd: folder });
  const log = join(folder, "log");
  const output = openSync(log, "a");
  const server = spawn(join(programs, "python"), start, { cwd: folder, stdio: ["ignore", output, output] });
  await isUp(server, `${url}/_matrix/client/versions`, log);

  const administrator = { user: "administrator", password: "contract-administrator" };
  const { user, password } = administrator;
  const register = ["--user", user, "--password", password, "--admin", "--config", configuration, url];
  await run(join(programs, "register_new_matrix_user"), register);
  await makeRegistrationToken(url, administrator);
  return {
    url,
    version: await versionOf(url),
    smtpPort,
    administrator,
    page: `${outside.url}/page`,
    async [Symbol.asyncDispose]() {
      server.kill("SIGTERM");
      if (server.exitCode === null) await once(server, "exit");
      await outside.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

function writeFiles(folder: string, ports: { port: number; tlsPort: number; smtpPort: number; outside: string }): void {
  // JSON is YAML.
  writeFileSync(join(folder, "homeserver.yaml"), JSON.stringify(synapseConfiguration({ folder, ...ports })));
  writeFileSync(
    join(folder, "application-service.yaml"),
    JSON.stringify(applicationServiceRegistration(ports.outside)),
  );
  const terms = join(folder, "terms", "en");
  mkdirSync(terms, { recursive: true });
  writeFileSync(join(terms, "1.html"), "<p>Be kind.</p>");
  writeFileSync(join(terms, "success.html"), "<p>Thank you.</p>");
}

async function makeRegistrationToken(url: string, { user, password }: RunningSynapse["administrator"]): Promise<void> {
  const post = async (path: string, body: object, token?: string): Promise<{ access_token?: string }> => {
    const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status} ${await answer.text()}; expected 200`);
    return (await answer.json()) as { access_token?: string }; // the one field that is read
  };
  const identifier = { type: "m.id.user", user };
  const { access_token } = await post("/_matrix/client/v3/login", { type: "m.login.password", identifier, password });
  await post("/_synapse/admin/v1/registration_tokens/new", { token: registrationToken }, access_token);
}

async function versionOf(url: string): Promise<string> {
  const answer = await fetch(`${url}/_synapse/admin/v1/server_version`);
  // Started inside somebody's repository, it appends that one's branch.
  return String(((await answer.json()) as { server_version?: string }).server_version).split(" ")[0] ?? "";
}
