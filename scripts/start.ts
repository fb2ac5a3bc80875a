// `npm start`: generates what is out of date, then runs the docs, the homeserver, the identity server and the inbox.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { run } from "./run.ts";

const usage = `Usage: npm start -- [options]

Runs the docs, a homeserver, an identity server and their inbox on loopback until Ctrl-C.

Options:
  --docs-port NUMBER       the docs' port (3000); 0 is a free one
  --database LOCATION      :memory: or an SQLite file (.data/matrix.db)
  --help                   print this

and those of matrix-reference-server:
  --port NUMBER            the homeserver's port (8008); 0 is a free one
  --identity-port NUMBER   the identity server's port (8090); 0 is a free one
  --inbox-port NUMBER      the inbox's port (8025); 0 is a free one
  --host ADDRESS           where the two servers listen (127.0.0.1)
  --config FILE            a JSON file; its schema is apps/reference-server/src/config.schema.json
  --fixtures FILE          users and rooms that are there from the start: apps/reference-server/README.md
`;

const root = fileURLToPath(new URL("..", import.meta.url));
const options = readOptions();
if (options.help === true) {
  process.stdout.write(usage);
  process.exit(0);
}

progress("Generating types, validators and docs from api/ …");
run("turbo", ["run", "generate", "site", "--output-logs=errors-only"], "ignore");

progress("Starting the servers …");
const { serveDocs } = await import("@matrix-openapi/docs");
const docs = await serveDocs(join(root, "apps", "docs", "site"), Number(options["docs-port"])).catch(refusePort);
const servers = startServers();
const { homeserver, identity, inbox } = await ready(servers);

process.stdout.write(`
  Docs             ${docs.url}
  Homeserver       ${homeserver}
  Identity server  ${identity}
  Inbox            ${inbox}

Register a user:

  curl -X POST ${homeserver}/_matrix/client/v3/register -H 'Content-Type: application/json' -d '{"username": "alice-${Date.now().toString(36)}", "password": "correct horse battery staple", "auth": {"type": "m.login.dummy"}}'

Ctrl-C stops everything${options.database === ":memory:" ? "" : `; the data stays in ${options.database}`}.
`);

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => servers.kill(signal));
const [exitCode] = (await once(servers, "exit")) as [number | null]; // null when a signal ended it
await docs.close();
process.exitCode = exitCode ?? 0;

function readOptions() {
  try {
    return parseArgs({
      options: {
        "docs-port": { type: "string", default: "3000" },
        database: { type: "string", default: join(".data", "matrix.db") },
        port: { type: "string" },
        "identity-port": { type: "string" },
        "inbox-port": { type: "string" },
        host: { type: "string" },
        config: { type: "string" },
        fixtures: { type: "string" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    return refuse(
      `${error instanceof Error ? error.message : String(error)}\nnpm start -- --help lists the options`,
      2,
    );
  }
}

function startServers(): ChildProcess {
  mkdirSync(join(root, ".data"), { recursive: true });
  const flags = (["database", "port", "identity-port", "inbox-port", "host", "config", "fixtures"] as const).flatMap(
    (name) => {
      const value = options[name];
      return value === undefined ? [] : [`--${name}`, value];
    },
  );
  const program = fileURLToPath(
    new URL("../bin/matrix-reference-server.js", import.meta.resolve("@matrix-openapi/reference-server")),
  );
  return spawn(process.execPath, ["--conditions=matrix-openapi-source", program, "--json", ...flags], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** The servers' first line of output; what went wrong when there is none, they have said themselves. */
async function ready(child: ChildProcess): Promise<{ homeserver: string; identity: string; inbox: string }> {
  if (child.stdout === null) throw new Error("the servers were started without a pipe for their output");
  for await (const line of createInterface({ input: child.stdout })) {
    return JSON.parse(line) as { homeserver: string; identity: string; inbox: string }; // the CLI's documented output
  }
  await docs.close();
  process.exit(child.exitCode ?? 1);
}

function refusePort(error: NodeJS.ErrnoException): never {
  const port = options["docs-port"];
  return refuse(
    error.code === "EADDRINUSE"
      ? `port ${port} of the docs is taken; stop what uses it, or choose another with --docs-port (0 is a free one)`
      : `the docs cannot be served at port ${port}: ${error.message}`,
    1,
  );
}

function refuse(message: string, code: number): never {
  process.stderr.write(`npm start: ${message}\n`);
  process.exit(code);
}

function progress(message: string): void {
  process.stderr.write(`${message}\n`);
}
