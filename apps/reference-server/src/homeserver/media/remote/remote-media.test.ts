import { parse } from "content-disposition";
import type { RequestListener } from "node:http";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { parseXMatrix, verifyRequest } from "../../../federation/x-matrix.ts";
import { readAnswer } from "../../../fixtures/call.ts";
import { startLoopbackServer } from "../../../fixtures/loopback-server.ts";
import type { LoopbackServer } from "../../../fixtures/loopback-server.ts";
import { createBomb } from "../fixtures/images.ts";
import { mediaClient } from "../fixtures/media-client.ts";
import type { MediaClient } from "../fixtures/media-client.ts";
import { startMediaHomeserver } from "../fixtures/media-homeserver.ts";
import type { MediaHomeserver } from "../fixtures/media-homeserver.ts";

const maximumUploadBytes = 100_000;
let remote: LoopbackServer;
let home: MediaHomeserver;
let alice: MediaClient;
let requests: { readonly url: string; readonly authorization: string | undefined }[];

/** Another server, which answers by media ID. */
const served: Record<string, RequestListener> = {
  cake: multipart([
    "content-type: image/png\r\nContent-Disposition: attachment; filename*=UTF-8''Kuchen%20%C3%BC.png",
    createBomb(48, 32),
  ]),
  plain: multipart(["", "plain"]),
  html: multipart(["Content-Type: text/html", "<script>alert(1)</script>"]),
  nonsense: multipart(["Content-Type: no type\r\nContent-Disposition: ///", "x"]),
  newlines: multipart(["", "\r\n--\r\nline\r\n"]),
  bomb: multipart(["Content-Type: image/png", createBomb(60_000, 60_000)]),
  large: multipart(["", "x".repeat(maximumUploadBytes + 1)]),
  endless: (_request, response) => {
    response.writeHead(200, { "content-type": "multipart/mixed; boundary=b" });
    const more = () => void (response.destroyed || response.write("x".repeat(50_000), more));
    more();
  },
  elsewhere: (request, response) => multipart([`Location: ${remote.url}/cdn/file`, ""])(request, response),
  private: multipart(["Location: http://127.0.0.2:1/file", ""]),
  twice: (request, response) => multipart([`Location: ${remote.url}/cdn/private`, ""])(request, response),
  script: multipart(["Location: javascript:alert(1)", ""]),
  none: refusal(404, "M_NOT_FOUND"),
  secret: refusal(403, "M_FORBIDDEN"),
  busy: refusal(429, "M_LIMIT_EXCEEDED"),
  huge: refusal(502, "M_TOO_LARGE"),
  pending: refusal(504, "M_NOT_YET_UPLOADED"),
  broken: (_request, response) => response.writeHead(200).end("no parts"),
  "no-boundary": answer("multipart/mixed", "--b\r\n\r\n{}\r\n--b\r\n\r\nx\r\n--b--"),
  "one-part": answer("multipart/mixed; boundary=b", "--b\r\n\r\nx\r\n--b--"),
  "three-parts": answer("multipart/mixed; boundary=b", "--b\r\n\r\n{}\r\n--b\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--"),
  "cut-off": answer("multipart/mixed; boundary=b", "--b\r\n\r\n{}\r\n--b\r\n\r\nonly the beg"),
  "no-header-end": answer("multipart/mixed; boundary=b", "--b\r\n\r\n{}\r\n--b\r\nContent-Type: a/b\r\n--b--"),
  "bad-header": answer("multipart/mixed; boundary=b", "--b\r\n\r\n{}\r\n--b\r\n: x\r\n\r\nx\r\n--b--"),
  silent: () => {},
};

function multipart([headers, body]: [string, string | Uint8Array]): RequestListener {
  const start = `--q1\r\nContent-Type: application/json\r\n\r\n{}\r\n--q1\r\n${headers}${headers && "\r\n"}\r\n`;
  return answer('multipart/mixed; boundary="q1"', start, body, "\r\n--q1--\r\n");
}

function answer(type: string, ...parts: (string | Uint8Array)[]): RequestListener {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return (_request, response) => response.writeHead(200, { "content-type": type }).end(body);
}

function refusal(status: number, errcode: string): RequestListener {
  return (_request, response) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ errcode, error: "" }));
}

beforeAll(async () => {
  remote = await startLoopbackServer((request, response) => {
    const url = request.url ?? "";
    requests.push({ url, authorization: request.headers.authorization });
    if (url === "/cdn/file") response.writeHead(200, { "content-type": "text/plain" }).end("from afar");
    else if (url === "/cdn/private") response.writeHead(302, { location: "http://127.0.0.2:1/" }).end();
    else if (url.startsWith("/_matrix/media/v3/download/remote.test/old?")) {
      response.writeHead(200, { "content-type": "text/css", "content-disposition": "inline; filename=a.css" });
      response.end("old");
    } else {
      const [, mediaId = ""] = /^\/_matrix\/federation\/v1\/media\/download\/([\w-]+)\?/.exec(url) ?? [];
      (served[mediaId] ?? refusal(404, "M_UNRECOGNIZED"))(request, response);
    }
  });
  home = await startMediaHomeserver({
    logLevel: "silent",
    media: { maximumUploadBytes, freezeAt: Date.UTC(2026, 0, 2) },
    outbound: {
      serverUrls: { "remote.test": remote.url, "gone.test": "http://127.0.0.1:1" },
      allowPrivateAddresses: ["127.0.0.1"], // where it has files, which is for it to say
      timeoutMs: 1000,
    },
  });
  alice = mediaClient(home, await home.register("alice"));
});

beforeEach(() => {
  requests = [];
});

afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await remote[Symbol.asyncDispose]();
});

const download = (mediaId: string, query = "") => alice.get(`download/remote.test/${mediaId}${query}`);
const refused = async (response: Promise<Response>) => {
  const { status, body } = await readAnswer(await response);
  return [status, body.errcode];
};
const notFound = [404, "M_NOT_FOUND"];

test("a file of another server is fetched once, by a request that we sign, however many ask for it", async () => {
  const answers = await Promise.all(Array.from({ length: 5 }, () => download("cake")));
  answers.push(await download("cake"));
  for (const { status, headers } of answers) {
    expect([status, headers.get("content-type")]).toEqual([200, "image/png"]);
    expect(parse(headers.get("content-disposition") ?? "")).toMatchObject({
      type: "inline",
      parameters: { filename: "Kuchen ü.png" },
    });
  }
  expect(new Uint8Array((await answers[0]?.arrayBuffer()) ?? [])).toEqual(new Uint8Array(createBomb(48, 32)));
  const thumbnail = await alice.get("thumbnail/remote.test/cake?width=32&height=32");
  expect([thumbnail.status, thumbnail.headers.get("content-type")]).toEqual([200, "image/png"]);

  const [request, ...others] = requests;
  expect(others).toEqual([]);
  expect(request?.url).toBe("/_matrix/federation/v1/media/download/cake?timeout_ms=500");
  const published = (await (await fetch(`${home.url}/_matrix/key/v2/server`)).json()) as {
    verify_keys: Record<string, { key: string }>;
  };
  const proof = parseXMatrix(request?.authorization ?? null);
  expect(proof).toMatchObject({ origin: "localhost", destination: "remote.test" });
  const key = published.verify_keys[proof?.key ?? ""]?.key ?? "";
  expect(proof && verifyRequest({ method: "GET", uri: request?.url ?? "" }, proof, key)).toBe(true);
});

test("what it says of the file is believed no more than an upload", async () => {
  const facts = async (mediaId: string) => {
    const { headers } = await download(mediaId);
    return [headers.get("content-type"), headers.get("content-disposition")];
  };
  expect(await facts("html")).toEqual(["text/html", "attachment"]);
  expect(await facts("plain")).toEqual(["application/octet-stream", "attachment"]);
  expect(await facts("nonsense")).toEqual(["application/octet-stream", "attachment"]);
  expect(await (await download("newlines")).text()).toBe("\r\n--\r\nline\r\n");
});

test("a file elsewhere is gone for, and to no private address", async () => {
  expect(await (await download("elsewhere")).text()).toBe("from afar");
  expect(requests[1]).toEqual({ url: "/cdn/file", authorization: undefined });
  for (const mediaId of ["private", "twice", "script"]) expect(await refused(download(mediaId))).toEqual(notFound);
});

test("a server of before v1.11 is asked as it knows it", async () => {
  const response = await download("old");
  expect(response.headers.get("content-disposition")).toBe("inline; filename=a.css");
  expect(await response.text()).toBe("old");
  const { pathname, searchParams } = new URL(requests[1]?.url ?? "", remote.url);
  expect([pathname, searchParams.get("allow_remote")]).toEqual(["/_matrix/media/v3/download/remote.test/old", "false"]);
});

test.each<[string, number, string]>([
  ["none", 404, "M_NOT_FOUND"],
  ["secret", 404, "M_NOT_FOUND"],
  ["busy", 429, "M_LIMIT_EXCEEDED"],
  ["huge", 502, "M_TOO_LARGE"],
  ["large", 502, "M_TOO_LARGE"],
  ["endless", 502, "M_TOO_LARGE"],
  ["pending", 504, "M_NOT_YET_UPLOADED"],
  ["broken", 404, "M_NOT_FOUND"],
  ["no-boundary", 404, "M_NOT_FOUND"],
  ["one-part", 404, "M_NOT_FOUND"],
  ["three-parts", 404, "M_NOT_FOUND"],
  ["cut-off", 404, "M_NOT_FOUND"],
  ["no-header-end", 404, "M_NOT_FOUND"],
  ["bad-header", 404, "M_NOT_FOUND"],
])("what is %s there is %i %s here, and asked for again", async (mediaId, status, errcode) => {
  expect(await refused(download(mediaId))).toEqual([status, errcode]);
  expect(await refused(alice.get(`thumbnail/remote.test/${mediaId}?width=9&height=9`))).toEqual([status, errcode]);
  expect(requests).toHaveLength(2);
});

test("of an image that is too large there is no thumbnail", async () => {
  const thumbnail = alice.get("thumbnail/remote.test/bomb?width=32&height=32");
  expect(await refused(thumbnail)).toEqual([502, "M_TOO_LARGE"]);
  expect((await download("bomb")).status).toBe(200);
});

test("the other server may wait as long as the client wants to, and nobody waits for it for longer than for others", async () => {
  expect(await refused(download("pending", "?timeout_ms=123"))).toEqual([504, "M_NOT_YET_UPLOADED"]);
  expect(requests[0]?.url).toMatch(/\?timeout_ms=123$/);
  const start = performance.now();
  expect(await refused(download("silent", "?timeout_ms=60000"))).toEqual(notFound);
  expect(performance.now() - start).toBeLessThan(10_000);
  expect(await refused(alice.get("download/gone.test/abc"))).toEqual(notFound);
  expect(await refused(alice.get("download/gone.test:99999/abc"))).toEqual(notFound);
});

test("nobody makes the server look into its surroundings", async () => {
  const { host } = new URL(remote.url);
  for (const name of [host, host.replace("127.0.0.1", "localhost")]) {
    expect(await refused(alice.get(`download/${name}/cake`))).toEqual(notFound);
  }
  expect(requests).toEqual([]);
});

test("who wants nothing from afar, or has no token after the freeze, lets no request out", async () => {
  const openly = (path: string) => fetch(`${home.url}/_matrix/media/v3/download/${path}`);
  expect(await refused(openly("remote.test/openly?allow_remote=false"))).toEqual(notFound);
  expect(requests).toEqual([]);
  served["openly"] = multipart(["", "openly"]);
  expect(await (await openly("remote.test/openly")).text()).toBe("openly");
  expect(await (await openly("remote.test/openly?allow_remote=false")).text()).toBe("openly");
  home.clock.advance(24 * 3_600_000);
  served["later"] = multipart(["", "later"]);
  expect(await refused(openly("remote.test/later"))).toEqual(notFound);
  expect(requests).toHaveLength(1);
  expect(await (await download("later")).text()).toBe("later");
  expect(await refused(openly("remote.test/later"))).toEqual(notFound);
});

test("a copy is kept for a month, and then fetched anew", async () => {
  await download("plain");
  home.clock.advance(31 * 24 * 3_600_000);
  requests = [];
  await download("plain");
  await download("plain");
  expect(requests).toHaveLength(1);
});
