import { expect, test } from "vitest";
import { createHomeserver } from "../test/homeserver.ts";
import { recaptchaResponse, registrationToken } from "../test/homeserver/stages.ts";
import type { Fetch } from "./http.ts";
import { runContract } from "./run.ts";

/** Answers that no client could expect, some with the right members of the wrong kind. */
const bodies = [
  "",
  "null",
  "[]",
  "42",
  '"text"',
  "{",
  "<!doctype html><form action='http://['><button></form><script src='http://['></script>",
  '{"flows": 1}',
  '{"flows": [], "params": [], "session": 1, "completed": {}}',
  '{"flows": [{"stages": ["m.login.password"]}, {"stages": []}], "params": null, "session": ""}',
  '{"errcode": 1, "error": null, "retry_after_ms": "soon"}',
  '{"access_token": "", "device_id": {}, "user_id": 7, "sid": [], "submit_url": "http://[", "login_token": null}',
  '{"user_id": "nobody", "access_token": "t", "device_id": "../..", "sid": "s", "submit_url": "nowhere"}',
];
const statuses = [200, 401, 400, 302, 404, 429, 500];

test.each([2, 3, 7, 13, 29])(
  "nonsense in every answer of %s is judged, and no defect of this tool",
  { timeout: 120_000 },
  async (every) => {
    for (let shift = 0; shift < every * 3; shift += 1) {
      const { fetch, inbox } = createHomeserver();
      const { results } = await runContract({
        homeserver: "http://homeserver.test",
        fetch: nonsensical(fetch, every, shift),
        mail: inbox,
        sms: inbox,
        registrationToken,
        recaptchaResponse,
        timeout: 100,
        sleep: async () => {},
      });
      expect(results.filter(({ outcome }) => outcome.result === "error")).toEqual([]);
    }
  },
);

function nonsensical(next: Fetch, every: number, shift: number): Fetch {
  let count = shift;
  return async (request) => {
    count += 1;
    if (request.url.endsWith("/versions") || count % every !== 0) return next(request);
    const turn = Math.floor(count / every) + shift;
    const headers = { location: "http://[", "content-type": turn % 2 === 0 ? "application/json" : "text/html" };
    return new Response(bodies[turn % bodies.length], { status: statuses[turn % statuses.length] ?? 200, headers });
  };
}
