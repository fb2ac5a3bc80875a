import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";
import { figure, median } from "./figure.ts";
import type { Figure } from "./figure.ts";

const seconds = 3;
const rounds = 3;
const sides = ["ours", "raw", "openapi-backend"] as const;
type Side = (typeof sides)[number];

const loginBody = { type: "m.login.password", identifier: { type: "m.id.user", user: "alice" }, password: "p" };
const requests = {
  "GET whoami": { method: "GET", path: "/_matrix/client/v3/account/whoami", headers: { authorization: "Bearer t" } },
  "POST login": {
    method: "POST",
    path: "/_matrix/client/v3/login",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(loginBody),
  },
} as const;

/** Requests a second of the stub with validation, of bare node:http, and of openapi-backend, each in its own process. */
export async function serverThroughput(): Promise<readonly Figure[]> {
  const servers = await Promise.all(sides.map(start));
  try {
    const figures: Figure[] = [];
    for (const [name, request] of Object.entries(requests)) figures.push(...(await compare(name, request, servers)));
    return figures;
  } finally {
    for (const { child } of servers) child.kill();
  }
}

interface RunningServer {
  readonly side: Side;
  readonly port: number;
  readonly child: ChildProcess;
}

async function start(side: Side): Promise<RunningServer> {
  const child = fork(fileURLToPath(new URL("server-throughput-side.ts", import.meta.url)), [side]);
  const failed = once(child, "exit").then(() => Promise.reject(new Error(`the side ${side} ended before it listened`)));
  const [port] = (await Promise.race([once(child, "message"), failed])) as [number]; // the only message a side sends
  failed.catch(() => {}); // from here on it ends when it is told to
  return { side, port, child };
}

async function compare(
  name: string,
  { path, ...request }: (typeof requests)[keyof typeof requests],
  servers: readonly RunningServer[],
): Promise<readonly Figure[]> {
  const rates: Record<Side, number[]> = { ours: [], raw: [], "openapi-backend": [] };
  for (let round = 0; round <= rounds; round += 1) {
    for (const { side, port } of servers) {
      const result = await autocannon({
        url: `http://127.0.0.1:${port}${path}`,
        ...request,
        connections: 16,
        duration: round === 0 ? 1 : seconds,
      });
      if (result.non2xx > 0 || result.errors > 0) throw new Error(`${side} answered ${name} with an error.`);
      if (round > 0) rates[side].push(result.requests.average);
    }
  }
  const ours = median(rates.ours);
  return [
    figure(
      {
        name: `${name}, stub with validation`,
        unit: "requests/s",
        ours,
        theirs: median(rates.raw),
        against: "bare node:http with the same headers",
        goal: "ratio ≥ 0.9",
      },
      (mine, other) => mine >= 0.9 * other,
    ),
    figure(
      {
        name: `${name}, stub with validation`,
        unit: "requests/s",
        ours,
        theirs: median(rates["openapi-backend"]),
        against: "openapi-backend",
        goal: "ratio ≥ 3",
      },
      (mine, other) => mine >= 3 * other,
    ),
  ];
}
