import { exitCode, runContract } from "@matrix-openapi/contract";
import { operations } from "@matrix-openapi/definitions/client-server/operations";
import { expect, test } from "vitest";
import { startOutside } from "./outside.ts";
import { startTarget } from "./target.ts";

/** What the reference homeserver answers, but never with a success. */
const neverReached = [
  "getWellknownPolicy", // it is no policy server, and says so
];

test("one run obeys every rule and brings every operation to a documented success", { timeout: 90_000 }, async () => {
  await using outside = await startOutside();
  const target = await startTarget({
    administrators: ["@admin:localhost"],
    applicationServices: [outside.registration],
    sso: { providers: [outside.provider] },
    oauth: { metadataUrl: `${outside.url}/oauth` },
    support: { supportPage: "https://example.org/support" },
    turn: { uris: ["turn:turn.example.org"], sharedSecret: "shared" },
    // Frozen, the deprecated operations would have nothing to give.
    media: { maximumUploadBytes: 65_536, freezeAt: null },
    outbound: { allowPrivateAddresses: true },
    registration: {
      flows: [["m.login.registration_token", "m.login.terms", "m.login.dummy"]],
      tokens: [{ token: "open-sesame" }],
    },
  });
  try {
    const administrator = await registerAdministrator(String(target.options.homeserver));
    const report = await runContract({
      ...target.options,
      keepAccounts: false,
      administrator,
      applicationService: { id: outside.registration.id, token: outside.registration.as_token },
      previewUrl: `${outside.url}/page`,
    });
    const { missing = [], reached = [], total = 0 } = report.walked ?? {};
    expect(missing.filter(({ operationId }) => !neverReached.includes(operationId))).toEqual([]);
    expect(total).toBe(Object.keys(operations).length);
    expect(reached.length).toBe(total - neverReached.length);
    const broken = report.results.filter(({ outcome }) => !["pass", "skip", "untestable"].includes(outcome.result));
    expect(broken.map(({ id, outcome }) => ({ id, ...outcome }))).toEqual([]);
    expect(exitCode(report)).toBe(0);
  } finally {
    await target.close();
  }
});

async function registerAdministrator(homeserver: string) {
  const body = { username: "admin", password: "correct horse battery staple" };
  const url = new URL("/_matrix/client/v3/register", homeserver);
  const post = async (auth?: object) => {
    const answer = await fetch(url, { method: "POST", body: JSON.stringify({ ...body, ...(auth && { auth }) }) });
    return (await answer.json()) as { readonly session?: string }; // of the challenge
  };
  const { session } = await post();
  for (const auth of [
    { type: "m.login.registration_token", token: "open-sesame" },
    { type: "m.login.terms" },
    { type: "m.login.dummy" },
  ])
    await post({ ...auth, session });
  return { user: body.username, password: body.password };
}
