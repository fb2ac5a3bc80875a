import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { createHomeserver } from "../test/homeserver.ts";
import { faults } from "./faults/index.ts";
import type { Fetch } from "./http.ts";

const cleanUp: (() => void)[] = [];
afterAll(() => cleanUp.forEach((close) => close()));

test("exits with 0 and one closing line where nothing is wrong", async () => {
  const { code, out } = await contract("run", await serve(createHomeserver().fetch), "--only", "uia-36b,uia-12");
  expect(code).toBe(0);
  expect(out).toContain("no stage that the specification defines takes several requests");
  expect(out.trimEnd().split("\n").at(-1)).toBe("1 passed, 0 violations, 1 not testable");
});

test("exits with 1 and says what was sent, expected and found where a rule is broken", async () => {
  const fault = faults.find(({ rule }) => rule === "uia-36b");
  const url = await serve(fault?.wrap(createHomeserver().fetch) ?? expect.fail("no fault for uia-36b"));
  const { code, out } = await contract("run", url, "--only", "uia-36b");
  expect(code).toBe(1);
  expect(out).toContain("uia-36b (derived) Each policy has a version");
  expect(out).toContain("https://spec.matrix.org/v1.19/client-server-api/#terms-of-service-at-registration");
  expect(out).toContain(`sent      POST ${url}/_matrix/client/v3/register`);
  expect(out).toContain("expected  policy privacy: `version` to be a string");
  expect(out).toContain("found     401 {");
});

test("prints the report as JSON, with the reasons of skipped rules", async () => {
  const { code, out } = await contract(
    "run",
    await serve(createHomeserver().fetch),
    "--skip",
    "uia-8=known",
    "--only",
    "uia-8",
    "--json",
  );
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ results: [{ id: "uia-8", outcome: { result: "skip", reason: "known" } }] });
});

test("exits with 2 on wrong usage, and shows the right one", async () => {
  const { code, err } = await contract("run");
  expect(code).toBe(2);
  expect(err).toContain("Usage: matrix-contract run URL");
});

test("exits with 3 where there is no homeserver", async () => {
  const { code, err } = await contract("run", await serve(async () => new Response("Hello")));
  expect(code).toBe(3);
  expect(err).toContain("is not a Matrix homeserver");
});

test("lists every rule with its place in the specification", async () => {
  const { code, out } = await contract("rules");
  expect(code).toBe(0);
  expect(out).toContain("uia-1 ");
  expect(out).toContain("not testable from outside");
});

/** The command itself, in a process of its own. */
async function contract(...parameters: readonly string[]) {
  const cli = fileURLToPath(new URL("./cli.ts", import.meta.url));
  const child = spawn(process.execPath, ["--conditions=matrix-openapi-source", cli, ...parameters]);
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { out, err, code };
}

/** Puts a handler on a free loopback port. */
async function serve(handle: Fetch): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    void text(incoming).then(async (body) => {
      const { method = "GET", url = "/", headers } = incoming;
      const { authorization = "", "content-type": type = "" } = headers;
      const given = { ...(authorization !== "" && { authorization }), ...(type !== "" && { "content-type": type }) };
      const hasBody = method !== "GET" && body !== "";
      const response = await handle(
        new Request(new URL(url, "http://loopback"), { method, headers: given, ...(hasBody && { body }) }),
      );
      outgoing.writeHead(response.status, Object.fromEntries(response.headers)).end(await response.text());
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  cleanUp.push(() => server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}
