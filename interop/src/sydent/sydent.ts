import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../free-port.ts";
import { isUp } from "../is-up.ts";
import { pythonEnvironment } from "../python-environment.ts";
import { sydentConfiguration, templates, terms } from "./configuration.ts";

/** Sydent from PyPI on loopback, with an empty SQLite database of its own. */
export interface RunningSydent extends AsyncDisposable {
  readonly url: string;
}

export async function startSydent(smtpPort: number): Promise<RunningSydent> {
  const programs = await pythonEnvironment("sydent", fileURLToPath(new URL("requirements.txt", import.meta.url)));
  const folder = mkdtempSync(join(tmpdir(), "sydent-"));
  const port = await freePort();
  const configuration = join(folder, "sydent.conf");
  writeFileSync(configuration, sydentConfiguration({ folder, port, smtpPort }));
  writeFileSync(join(folder, "terms.yaml"), JSON.stringify(terms)); // JSON is YAML
  mkdirSync(join(folder, "templates", "contract"), { recursive: true });
  for (const [name, text] of Object.entries(templates))
    writeFileSync(join(folder, "templates", "contract", name), text);

  const log = join(folder, "log");
  const output = openSync(log, "a");
  const server = spawn(join(programs, "python"), ["-m", "sydent.sydent"], {
    cwd: folder,
    env: { ...process.env, SYDENT_CONF: configuration },
    stdio: ["ignore", output, output],
  });
  const url = `http://127.0.0.1:${port}`;
  await isUp(server, `${url}/_matrix/identity/versions`, log);
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.kill("SIGTERM");
      if (server.exitCode === null) await once(server, "exit");
      rmSync(folder, { recursive: true });
    },
  };
}
