import type { RequestListener } from "node:http";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readAnswer } from "../../../fixtures/call.ts";
import { startLoopbackServer } from "../../../fixtures/loopback-server.ts";
import type { LoopbackServer } from "../../../fixtures/loopback-server.ts";
import { createBomb } from "../fixtures/images.ts";
import { mediaClient } from "../fixtures/media-client.ts";
import type { MediaClient } from "../fixtures/media-client.ts";
import { startMediaHomeserver } from "../fixtures/media-homeserver.ts";
import type { MediaHomeserver } from "../fixtures/media-homeserver.ts";

const maximumBytes = 200_000;
const image = createBomb(48, 32);
let site: LoopbackServer;
let home: MediaHomeserver;
let alice: MediaClient;
let visits: string[];

interface Served {
  readonly status?: number;
  readonly type?: string;
  readonly location?: string;
  readonly body?: string | Uint8Array;
}

const page = (head: string): Served => ({
  type: "text/html; charset=utf-8",
  body: `<html><head>${head}</head></html>`,
});

const served: Readonly<Record<string, Served>> = {
  "/cakes": page(`
    <title>Not this one</title>
    <meta property="og:title" content="Cakes of   the world &amp; beyond">
    <meta property="og:description" content="A cake for every day">
    <meta property="og:image" content="/cake.png"><meta property="og:image:width" content="99999">
    <meta property="og:site_name" content="Cakes"><meta property="og:title" content="a second one">
    <meta property="evil:key" content="x">`),
  "/cake.png": { type: "image/png", body: image },
  "/plain": page("<title>Just &lt;a&gt;\n title</title><meta name=description content='What it is about'>"),
  "/heading": { type: "text/html", body: "<body><h1>Only <em>this</em></h1><p>text" },
  "/nothing": page(""),
  "/latin": { type: "text/html; charset=iso-8859-1", body: Buffer.from("<title>Käse</title>", "latin1") },
  "/meta-charset": {
    type: "text/html",
    body: Buffer.concat([
      Buffer.from('<meta charset="shift_jis"><title>'),
      Buffer.from([0x93, 0xfa, 0x96, 0x7b]),
      Buffer.from("</title>"),
    ]),
  },
  "/no-charset": { type: "text/html", body: "<title>日本</title>" },
  "/false-image": page('<meta property="og:title" content="t"><meta property="og:image" content="/plain">'),
  "/private-image": page(
    '<meta property="og:title" content="t"><meta property="og:image" content="http://127.0.0.2:1/a.png">',
  ),
  "/script-image": page(
    '<meta property="og:title" content="t"><meta property="og:image" content="javascript:alert(1)">',
  ),
  "/text": { type: "text/plain", body: "<title>no page</title>" },
  "/large": page(`<title>large</title>${" ".repeat(maximumBytes)}`),
  "/redirect": { status: 302, location: "/plain" },
  "/loop": { status: 302, location: "/loop" },
  "/to-private": { status: 301, location: "http://127.0.0.2:1/" },
  "/to-file": { status: 301, location: "file:///etc/passwd" },
  "/error": { status: 500, type: "text/html", body: "<title>error</title>" },
};

const answer: RequestListener = ({ url = "" }, response) => {
  visits.push(url);
  const { status = 200, type, location, body = "" } = served[url.split("?")[0] ?? ""] ?? { status: 404 };
  response.writeHead(status, { ...(type && { "content-type": type }), ...(location && { location }) }).end(body);
};

beforeAll(async () => {
  site = await startLoopbackServer(answer);
  home = await startMediaHomeserver({
    media: { urlPreviews: { maximumBytes } },
    outbound: { allowPrivateAddresses: [new URL(site.url).host], maximumResponseBytes: 1000 },
  });
  alice = mediaClient(home, await home.register("alice"));
});

beforeEach(() => {
  visits = [];
});

afterAll(async () => {
  await home[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
});

const previewOf = async (url: string, more = "") =>
  readAnswer(await alice.get(`preview_url?url=${encodeURIComponent(url)}${more}`));
const preview = (path: string, more = "") => previewOf(site.url + path, more);

test("a page is told of in its own words, with a copy of its image", async () => {
  const { status, body } = await preview("/cakes");
  expect({ status, body }).toEqual({
    status: 200,
    body: {
      "og:title": "Cakes of the world & beyond",
      "og:description": "A cake for every day",
      "og:site_name": "Cakes",
      "og:image": expect.stringMatching(/^mxc:\/\/localhost\/[\w-]+$/) as string,
      "og:image:type": "image/png",
      "og:image:width": 48,
      "og:image:height": 32,
      "matrix:image:size": image.length,
    },
  });
  const copy = await alice.get(`download/localhost/${String(body["og:image"]).slice("mxc://localhost/".length)}`);
  expect(copy.headers.get("content-type")).toBe("image/png");
  expect(Buffer.compare(await copy.bytes(), image)).toBe(0);
  expect(visits).toEqual(["/cakes", "/cake.png"]);
});

test.each([
  ["/plain", { "og:title": "Just <a> title", "og:description": "What it is about" }],
  ["/heading", { "og:title": "Only this" }],
  ["/nothing", {}],
  ["/latin", { "og:title": "Käse" }],
  ["/meta-charset", { "og:title": "日本" }],
  ["/no-charset", { "og:title": "日本" }],
  ["/redirect", { "og:title": "Just <a> title", "og:description": "What it is about" }],
  ["/false-image", { "og:title": "t" }],
  ["/private-image", { "og:title": "t" }],
  ["/script-image", { "og:title": "t" }],
  ["/text", {}],
  ["/large", {}],
])("%s says %o", async (path, expected) => {
  expect(await preview(path)).toMatchObject({ status: 200 });
  expect((await preview(path)).body).toEqual(expected);
});

test("a link to an image is a preview of it", async () => {
  expect((await preview("/cake.png")).body).toMatchObject({ "og:image:type": "image/png", "og:image:width": 48 });
});

test.each([
  ["http://127.0.0.2:1/", 403, "M_FORBIDDEN"],
  ["http://10.0.0.1/", 403, "M_FORBIDDEN"],
  ["http://[::1]:1/", 403, "M_FORBIDDEN"],
  ["http://169.254.169.254/latest/meta-data", 403, "M_FORBIDDEN"],
  ["file:///etc/passwd", 400, "M_INVALID_PARAM"],
  ["https://user:secret@example.org/", 400, "M_INVALID_PARAM"],
  ["mxc://localhost/abc", 400, "M_INVALID_PARAM"],
  [`https://example.org/${"a".repeat(5000)}`, 400, "M_INVALID_PARAM"],
])("%s is not visited", async (url, status, errcode) => {
  expect(await previewOf(url)).toMatchObject({ status, body: { errcode } });
});

test.each([
  ["/to-private", 403],
  ["/to-file", 403],
  ["/loop", 404],
  ["/error", 404],
  ["/missing", 404],
])("%s is answered with %i", async (path, status) => {
  expect((await preview(path)).status).toBe(status);
});

test("many who ask at the same time are one visit; it is repeated for a day, and told as it was then", async () => {
  const answers = await Promise.all(Array.from({ length: 50 }, () => preview("/plain?many#part")));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(visits).toEqual(["/plain?many"]);
  const then = home.clock.now();
  home.clock.advance(24 * 3_600_000 - 1);
  await preview("/plain?many");
  expect(visits).toHaveLength(1);
  home.clock.advance(1);
  await preview("/plain?many", `&ts=${then}`);
  expect(visits).toHaveLength(1);
  await preview("/plain?many");
  expect(visits).toHaveLength(2);
});

test("the deprecated operation does the same; neither is for guests", async () => {
  const { access_token: token } = (await home.login("alice")).body;
  const url = `preview_url?url=${encodeURIComponent(`${site.url}/plain`)}`;
  const old = await fetch(`${home.url}/_matrix/media/v3/${url}`, { headers: { authorization: `Bearer ${token}` } });
  expect(await old.json()).toMatchObject({ "og:title": "Just <a> title" });
  const guest = await home.call("POST", "/v3/register?kind=guest", { body: {} });
  const headers = { authorization: `Bearer ${guest.body.access_token}` };
  expect((await fetch(`${home.url}/_matrix/client/v1/media/${url}`, { headers })).status).toBe(403);
});
