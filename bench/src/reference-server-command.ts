import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { installReferenceServer } from "./published-packages.ts";

/** What Node runs, each in a process that prints where it answers. */
export interface Commands extends Disposable {
  /** `matrix-reference-server` as npm installs it, built now. */
  readonly installed: readonly string[];
  readonly fromSource: readonly string[];
  /** node:http that answers `{}` to everything. */
  readonly bare: readonly string[];
}

export interface RunningCommand extends AsyncDisposable {
  readonly pid: number;
  /** Milliseconds until the first `/versions` was answered. */
  readonly startedIn: number;
}

export function prepareCommands(): Commands {
  const project = installReferenceServer();
  const flags = ["--json", "--database", ":memory:", "--port", "0", "--identity-port", "0", "--inbox-port", "0"];
  const source = fileURLToPath(
    new URL("../bin/matrix-reference-server.js", import.meta.resolve("@matrix-openapi/reference-server")),
  );
  return {
    installed: [project.command, ...flags],
    fromSource: ["--conditions=matrix-openapi-source", source, ...flags],
    bare: [
      "-e",
      `require("node:http").createServer((q, r) => r.end("{}")).listen(0, "127.0.0.1", function () { console.log(JSON.stringify({ homeserver: "http://127.0.0.1:" + this.address().port })) })`,
    ],
    [Symbol.dispose]: () => project.remove(),
  };
}

export async function startCommand(parameters: readonly string[]): Promise<RunningCommand> {
  const before = performance.now();
  const child = spawn(process.execPath, parameters, { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const failed = exited.then(() => Promise.reject(new Error(`it ended before it listened: ${parameters.join(" ")}`)));
  failed.catch(() => {}); // later, ending is what is wanted
  const [line] = (await Promise.race([once(child.stdout.setEncoding("utf8"), "data"), failed])) as [string]; // text, by the encoding set
  const { homeserver } = JSON.parse(line) as { homeserver: string }; // each prints it
  const response = await fetch(`${homeserver}/_matrix/client/versions`);
  await response.text();
  return {
    pid: child.pid ?? Number.NaN, // it has answered, so it has one
    startedIn: performance.now() - before,
    async [Symbol.asyncDispose]() {
      child.kill();
      await exited;
    },
  };
}
