import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { Server, Socket } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { createHomeserver } from "../test/homeserver.ts";
import { faults } from "./faults/index.ts";
import type { Fetch } from "./http.ts";

const cleanUp: (() => void)[] = [];
const sockets = new Set<Socket>();
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  for (const close of cleanUp) close();
});

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

test("exits with 2 on wrong usage, and says what is wrong where it can be seen", async () => {
  const { code, err } = await contract("run");
  expect(code).toBe(2);
  expect(err.split("\n")).toEqual([
    "run takes one URL, that of the homeserver",
    "matrix-contract --help lists the options",
    "",
  ]);
});

test("tells its options and its version", async () => {
  expect((await contract("--help")).out).toContain("Usage: matrix-contract run URL");
  expect(await contract("--version")).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^\d+\.\d+\.\d+\S*\n$/),
    err: "",
  });
});

describe("exits with 3 and a sentence where there is", () => {
  const head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
  const busy = "HTTP/1.1 429 Busy\r\nretry-after: 600\r\ncontent-length: 0\r\n\r\n";
  const moved = "HTTP/1.1 301 Moved\r\nlocation: https://elsewhere.test/\r\ncontent-length: 0\r\n\r\n";

  type Case = readonly [what: string, answer: (socket: Socket) => void, sentence: string];

  test.concurrent.each<Case>([
    ["a web server", (socket) => socket.end(`${head}connection: close\r\n\r\n<p>Hello`), "answered 200 without JSON"],
    ["a redirect", (socket) => socket.end(moved), "answered 301 to https://elsewhere.test/"],
    ["an answer that breaks off", (socket) => socket.end(`${head}content-length: 9\r\n\r\n{`), "/versions: terminated"],
    ["an answer without end", (socket) => sendForEver(socket, `${head}\r\n`), "the answer is longer than 8 MiB"],
    ["a server that hangs up", (socket) => socket.destroy(), "/_matrix/client/versions: fetch failed"],
    ["a server of another kind", (socket) => socket.end("220 mail.test ESMTP\r\n"), "/versions: fetch failed"],
    ["a server that is busy for long", (socket) => socket.end(busy), "asks to wait 600 s"],
  ])("%s", async (_what, answer, sentence) => {
    const { code, out, err } = await contract("run", await listen(answer));
    expect(err).toContain(sentence);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect(out).toBe("");
    expect(code).toBe(3);
  });

  test.concurrent.each<Case>([
    ["a server that hangs", () => {}, "/versions: no whole answer within 1 s"],
    [
      "an answer that hangs",
      (socket) => socket.write(`${head}content-length: 9\r\n\r\n{`),
      "no whole answer within 1 s",
    ],
  ])("%s", async (_what, answer, sentence) => {
    const { code, err } = await contract("run", await listen(answer), "--timeout", "1");
    expect(err).toContain(sentence);
    expect(code).toBe(3);
  });

  test("nobody", async () => {
    const server = createTcpServer();
    const url = await open(server);
    server.close();
    const { code, err } = await contract("run", url);
    const reason = `fetch failed (connect ECONNREFUSED ${new URL(url).host})`;
    expect(err).toBe(`GET ${url}/_matrix/client/versions: ${reason}\n`);
    expect(code).toBe(3);
  });

  test.each([
    ["--identity", "is not a Matrix identity server: /_matrix/identity/v2 answered 200 without JSON"],
    ["--inbox", "is not an inbox: expected /api/messages to answer"],
  ])("no such server for %s", async (option, sentence) => {
    const other = await serve(async () => new Response("Hello"));
    const { code, err } = await contract("run", await serve(createHomeserver().fetch), option, other);
    expect(err).toContain(sentence);
    expect(code).toBe(3);
  });
});

test("lists every rule with its place in the specification", async () => {
  const { code, out } = await contract("rules");
  expect(code).toBe(0);
  expect(out).toContain("uia-1 ");
  expect(out).toContain("not testable from outside");
});

test("ends quietly when nobody reads on, as in `matrix-contract rules | head`", async () => {
  const child = startCommand("rules");
  child.stdout.destroy();
  expect(await text(child.stderr)).toBe("");
});

/** The command itself, in a process of its own. */
async function contract(...parameters: readonly string[]) {
  const child = startCommand(...parameters);
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { out, err, code };
}

function startCommand(...parameters: readonly string[]) {
  const cli = fileURLToPath(new URL("./cli.ts", import.meta.url));
  return spawn(process.execPath, ["--conditions=matrix-openapi-source", cli, ...parameters]);
}

/** A server that says something of its own as soon as a request has begun. */
async function listen(answer: (socket: Socket) => void): Promise<string> {
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => answer(socket));
  });
  return open(server);
}

function sendForEver(socket: Socket, start: string): void {
  socket.write(start);
  const part = "x".repeat(2 ** 16);
  const send = (): void => {
    while (socket.writable && socket.write(part));
  };
  socket.on("drain", send);
  send();
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
  return open(server);
}

async function open(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  cleanUp.push(() => server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}
