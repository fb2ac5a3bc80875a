import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { ConfigurationInput } from "./configuration/configuration.ts";

const usage = `Usage: matrix-reference-server [options]

Starts a Matrix homeserver, an identity server and an inbox that catches their mails and text messages.

Options:
  --port NUMBER            the homeserver's port (8008); 0 is a free one
  --identity-port NUMBER   the identity server's port (8090); 0 is a free one
  --inbox-port NUMBER      the inbox's port (8025), always on loopback; 0 is a free one
  --host ADDRESS           where the two servers listen (127.0.0.1)
  --database LOCATION      :memory: (default), an SQLite file, created when missing, or postgres://USER:PASSWORD@HOST/NAME
  --config FILE            a JSON file; its schema is config.schema.json of this package. Options here win over it
  --fixtures FILE          users and rooms that are there from the start, as JSON: fixtures.schema.json of this package
  --json                   print one line of JSON once ready: {"homeserver", "identity", "inbox"}
  --help                   print this
  --version                print the version

Ctrl-C stops all three. Messages about what happens go to stderr.
`;

/** Mistakes of the command line end with 2, failures with 1, so that scripts can tell them apart. */
class UsageError extends Error {
  override readonly name = "UsageError";
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const isUsage = error instanceof UsageError;
  const message = error instanceof Error ? error.message : String(error);
  const isExpected = isUsage || (error instanceof Error && expectedErrors.has(error.name));
  process.stderr.write(`matrix-reference-server: ${isExpected || !(error instanceof Error) ? message : error.stack}\n`);
  if (isUsage) process.stderr.write("matrix-reference-server --help lists the options\n");
  process.exitCode = isUsage ? 2 : 1;
});

const expectedErrors = new Set(["ConfigurationError", "DatabaseUrlError", "FixtureError", "ListenError"]);

async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options.help === true) return void process.stdout.write(usage);
  if (options.version === true) return void process.stdout.write(`${readVersion()}\n`);

  const [{ startReferenceServer, readConfigurationFile }, { closeOnSignal }] = await Promise.all([
    import("./index.ts"),
    import("./process/shutdown.ts"),
  ]);
  const file = options.config === undefined ? {} : await readConfigurationFile(options.config);
  const input = { port: 8008, identityPort: 8090, inboxPort: 8025, ...file, ...fromFlags(options) };
  const { fixtures } = options;
  const server = await startReferenceServer({ ...input, ...(fixtures !== undefined && { fixtures }) });
  closeOnSignal(server.close);
  const { homeserver, identity, inbox } = server;
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify({ homeserver, identity, inbox })}\n`
      : `Homeserver       ${homeserver}\nIdentity server  ${identity}\nInbox            ${inbox}\nCtrl-C stops them.\n`,
  );
}

function readOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: "string" },
        "identity-port": { type: "string" },
        "inbox-port": { type: "string" },
        host: { type: "string" },
        database: { type: "string" },
        config: { type: "string" },
        fixtures: { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
        version: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function fromFlags(options: ReturnType<typeof readOptions>): ConfigurationInput {
  return {
    ...(options.port !== undefined && { port: readPort("--port", options.port) }),
    ...(options["identity-port"] !== undefined && {
      identityPort: readPort("--identity-port", options["identity-port"]),
    }),
    ...(options["inbox-port"] !== undefined && { inboxPort: readPort("--inbox-port", options["inbox-port"]) }),
    ...(options.host !== undefined && { host: options.host }),
    ...(options.database !== undefined && { database: options.database }),
  };
}

function readPort(flag: string, value: string): number {
  const port = Number(value);
  if (/^\d{1,5}$/.test(value) && port <= 65535) return port;
  throw new UsageError(`${flag} is ${JSON.stringify(value)}; expected a port from 0 to 65535, where 0 is a free one`);
}

function readVersion(): string {
  // one folder up from src as from dist
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  return manifest.version;
}
