import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { extractFacts } from "./extract-facts.ts";
import { fixtureRepository } from "./fixture-repository.ts";
import { keyedFacts, listedFacts } from "./keyed-facts.ts";
import { readCheckout } from "./read-checkout.ts";
import { runDrift } from "./run-drift.ts";
import { inOurOrder, writeFacts } from "./write-facts.ts";

const repository = fixtureRepository();
const scratch = mkdtempSync(join(tmpdir(), "drift-"));
afterAll(() => Promise.all([repository, scratch].map((folder) => rm(folder, { recursive: true }))));

function run(...args: string[]): { code: number; out: string; err: string } {
  let out = "";
  let err = "";
  const code = runDrift(args, {
    cwd: scratch,
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
  });
  return { code, out, err };
}

test("the report names what upstream has and we do not, and the reverse", () => {
  const { code, out } = run(repository, "--tag", "v1.2");
  expect(code).toBe(0);
  expect(out).toContain("matrix-spec v1.2 beside our facts of v1.19:");
  expect(out).toContain("  + POST /_matrix/client/v3/rooms/{roomId}/greetings (greet)\n");
  expect(out).toContain("  - GET /_matrix/client/v3/sync (sync)\n");
  expect(out).toContain("  + m.room.message$m.wave, whose kind only the text tells\n");
  expect(out).toContain("  + M_TOO_POLITE\n");
});

test("a work tree is read as it is, and says its own release", () => {
  const { code, out } = run(repository, "--json");
  expect(code).toBe(0);
  const { upstream, differences } = JSON.parse(out) as { upstream: string; differences: { at: string[] }[] }; // as printed
  expect(upstream).toBe("v1.2");
  expect(differences.map(({ at }) => at.join(" "))).toContain("client-server operations greet");
});

test("--write writes the facts as they would be", () => {
  expect(run(repository, "--tag", "v1.1", "--write", "facts").code).toBe(0);
  const written: unknown = JSON.parse(readFileSync(join(scratch, "facts/errcodes.json"), "utf8"));
  expect(written).toEqual(extractFacts(readCheckout(repository, "v1.1"), "v1.1").errcodes);
});

test("our own facts come out byte for byte", () => {
  for (const file of ["client-server", "identity", "events", "errcodes", "uia"]) {
    const text = readFileSync(new URL(`../facts/${file}.json`, import.meta.url), "utf8");
    const facts = keyedFacts(JSON.parse(text));
    expect(writeFacts(listedFacts(inOurOrder(facts, facts)))).toBe(text);
  }
});

test.each([
  [
    ["/nowhere/at/all"],
    1,
    "/nowhere/at/all is not a folder.\n  → Name a checkout of https://github.com/matrix-org/matrix-spec.\n",
  ],
  [[scratch], 1, "so it is not matrix-spec as of v1.1 or later.\n  → Name a checkout"],
  [
    [repository, "--tag", "v9.9"],
    1,
    `has no tag v9.9.\n  → It has v1.2, v1.1; \`git fetch --tags\` brings newer ones.\n`,
  ],
  [[scratch, "--tag", "v1.2"], 1, "is not a git repository, so it has no tag v1.2.\n  → Leave --tag away"],
  [[], 2, "No checkout of matrix-spec was named.\n  → Run `npm run drift -- --help`"],
  [["a", "b"], 2, 'One checkout is read, and "b" was given too.\n'],
  [["a", "--what"], 2, "--what"],
])("%j", (args, want, message) => {
  const { code, err, out } = run(...args);
  expect([code, out]).toEqual([want, ""]);
  expect(err).toContain(message);
});

test("YAML that cannot be read is named with file and line", () => {
  writeFileSync(join(repository, "data/api/identity/ping.yaml"), "openapi: 3.1.0\npaths: {\n");
  const { code, err } = run(repository);
  expect(code).toBe(1);
  expect(err).toMatch(/^data\/api\/identity\/ping\.yaml:\d cannot be read: .*\n {2}→ Mend it in the checkout/);
  expect(run(repository, "--tag", "v1.2").code).toBe(0);
});

test("a reference that leads nowhere is named", () => {
  writeFileSync(
    join(repository, "data/api/identity/ping.yaml"),
    "paths: { /a: { get: { responses: { 200: { $ref: gone.yaml } } } } }\n",
  );
  const { code, out } = run(repository, "--json");
  expect(code).toBe(1);
  expect(JSON.parse(out)).toEqual({
    ok: false,
    problems: [
      { message: "data/api/identity/gone.yaml is referenced but missing.", hint: "Is the checkout complete?" },
    ],
  });
});

test("--help tells how it is called", () => {
  expect(run("--help")).toMatchObject({ code: 0, err: "" });
  expect(run("--help").out).toContain("npm run drift -- CHECKOUT [--tag vX.Y] [--json] [--write DIR]");
});
