import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { startReferenceServer } from "@matrix-openapi/reference-server";
import { figure, median } from "./figure.ts";
import type { Figure } from "./figure.ts";

const rounds = 7;
const firstGoal = 50;
const furtherGoal = 10;
const processGoal = 250;

/** Starting the reference server in-process with an empty memory database, beside a bare node:http server. */
export async function serverStart(): Promise<readonly Figure[]> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(
      await time(async () => {
        const server = await startReferenceServer({ database: ":memory:", port: 0, identityPort: 0, inboxPort: 0 });
        return () => server.close();
      }),
    );
    theirs.push(
      await time(async () => {
        const server = createServer((_, response) => response.end("{}")).listen(0, "127.0.0.1");
        await once(server, "listening");
        return async () => void server.close();
      }),
    );
  }
  const parts = { unit: "ms", against: "bare node:http" };
  return [
    figure(
      {
        name: "in-process start, the first of a process",
        ours: ours[0] ?? Number.NaN,
        theirs: theirs[0] ?? Number.NaN,
        ...parts,
        goal: `ours ≤ ${firstGoal}`,
      },
      (mine) => mine <= firstGoal,
    ),
    figure(
      {
        name: "in-process start, any further",
        ours: median(ours.slice(1)),
        theirs: median(theirs.slice(1)),
        ...parts,
        goal: `ours ≤ ${furtherGoal}`,
      },
      (mine) => mine <= furtherGoal,
    ),
  ];
}

/** From spawning the process until the first `/versions` is answered, beside a process that is a bare node:http server. */
export async function processStart(): Promise<readonly Figure[]> {
  const program = fileURLToPath(
    new URL("../bin/matrix-reference-server.js", import.meta.resolve("@matrix-openapi/reference-server")),
  );
  const bare = `require("node:http").createServer((q, r) => r.end("{}")).listen(0, "127.0.0.1", function () { console.log(JSON.stringify({ homeserver: "http://127.0.0.1:" + this.address().port })) })`;
  const flags = ["--json", "--database", ":memory:", "--port", "0", "--identity-port", "0", "--inbox-port", "0"];
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await untilFirstAnswer(["--conditions=matrix-openapi-source", program, ...flags]));
    theirs.push(await untilFirstAnswer(["-e", bare]));
  }
  return [
    figure(
      {
        name: "process start until the first /versions",
        unit: "ms",
        ours: median(ours),
        theirs: median(theirs),
        against: "bare node:http process",
        goal: `ours ≤ ${processGoal}`,
      },
      (mine) => mine <= processGoal,
    ),
  ];
}

async function time(start: () => Promise<() => Promise<void>>): Promise<number> {
  const before = performance.now();
  const stop = await start();
  const elapsed = performance.now() - before;
  await stop();
  return elapsed;
}

async function untilFirstAnswer(parameters: readonly string[]): Promise<number> {
  const before = performance.now();
  const child = spawn(process.execPath, parameters, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string]; // text, by the encoding set
  const { homeserver } = JSON.parse(line) as { homeserver: string }; // both sides print it
  const response = await fetch(`${homeserver}/_matrix/client/versions`);
  await response.text();
  const elapsed = performance.now() - before;
  child.kill();
  await once(child, "exit");
  return elapsed;
}
