import { createMatrixClient } from "@matrix-openapi/client";
import type { paths } from "@matrix-openapi/definitions/client-server";
import createClient from "openapi-fetch";
import { figure, median } from "./figure.ts";
import type { Figure } from "./figure.ts";

const baseUrl = "http://localhost:8008";
const calls = 4000;
const rounds = 15;
const answerText = JSON.stringify({ user_id: "@alice:example.org", access_token: "a", device_id: "D" });
const loginBody = {
  type: "m.login.password",
  identifier: { type: "m.id.user", user: "alice" },
  password: "p",
} as const;

/** What a call through a client costs beyond `fetch` and JSON, with a `fetch` that answers at once. */
export async function clientCall(): Promise<readonly Figure[]> {
  const ours = createMatrixClient({ baseUrl: baseUrl, fetch: answer });
  const theirs = createClient<paths>({ baseUrl: baseUrl, fetch: answer });

  const contestants = {
    raw: async () => {
      const request = new Request(`${baseUrl}/_matrix/client/v3/login`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(loginBody),
      });
      void request;
      const response = await answer();
      return (await response.json()) as unknown;
    },
    ours: () => ours.POST("/_matrix/client/v3/login", { body: loginBody }),
    theirs: () => theirs.POST("/_matrix/client/v3/login", { body: loginBody }),
  };
  const times = { raw: [] as number[], ours: [] as number[], theirs: [] as number[] };
  // Rounds take turns, so that a slow moment of the machine hits all sides alike.
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of ["raw", "ours", "theirs"] as const) {
      const time = await timePerCall(contestants[name]);
      if (round > 0) times[name].push(time);
    }
  }
  const raw = median(times.raw);
  return [
    figure(
      {
        name: "client call, time added to fetch and JSON",
        unit: "µs",
        ours: median(times.ours) - raw,
        theirs: median(times.theirs) - raw,
        against: "openapi-fetch",
        goal: "ratio ≤ 1",
      },
      (mine, other) => mine <= other,
    ),
  ];
}

async function timePerCall(call: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  for (let index = 0; index < calls; index += 1) await call();
  return ((performance.now() - start) / calls) * 1000;
}

async function answer(): Promise<Response> {
  return new Response(answerText, { status: 200, headers: { "content-type": "application/json" } });
}
