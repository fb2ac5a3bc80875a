import { parse } from "content-disposition";
import { readdir, readlink, rm } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readAnswer } from "../../fixtures/call.ts";
import type { Session } from "../fixtures/homeserver.ts";
import { mediaClient, mediaIdOf } from "./fixtures/media-client.ts";
import type { MediaClient } from "./fixtures/media-client.ts";
import { startMediaHomeserver } from "./fixtures/media-homeserver.ts";
import type { MediaHomeserver } from "./fixtures/media-homeserver.ts";

const freezeAt = Date.UTC(2026, 0, 2); // the day after the test's clock
let home: MediaHomeserver;
let session: Session;
let alice: MediaClient;

beforeAll(async () => {
  home = await startMediaHomeserver({ media: { freezeAt } });
  session = await home.register("alice");
  alice = mediaClient(home, session);
});

afterAll(() => home[Symbol.asyncDispose]());

const download = async (mediaId: string) => alice.get(`download/localhost/${mediaId}`);

test.each([
  ["cake.jpg"],
  ["with space and 'quotes' and \"these\" and \\.txt"],
  ["Kuchen für Zoë 🍰.png"],
  ["100%25.txt"],
  ["a; filename=evil.html"],
  ["../../etc/passwd"],
])("a file keeps its name: %s", async (filename) => {
  const mediaId = await alice.put("x", { filename, type: "text/plain" });
  const disposition = (await download(mediaId)).headers.get("content-disposition") ?? "";
  expect(parse(disposition)).toMatchObject({ type: "inline", parameters: { filename } });
  expect(disposition).toMatch(/^[\x20-\x7e]+$/);
});

test("a name without a name, of line breaks, and of no end", async () => {
  const nameOf = async (filename: string) => {
    const mediaId = await alice.put("x", { filename });
    return parse((await download(mediaId)).headers.get("content-disposition") ?? "").parameters["filename"];
  };
  expect(await nameOf("")).toBeUndefined();
  expect(await nameOf("a\r\nSet-Cookie: b\0c")).toBe("a__Set-Cookie: b_c");
  expect(await nameOf("🍰".repeat(1000))).toBe("🍰".repeat(255));
});

test("the name in the path counts more than the one of the upload", async () => {
  const mediaId = await alice.put("x", { filename: "mine.txt", type: "text/plain" });
  const path = `download/localhost/${mediaId}/${encodeURIComponent("ihr Kuchen/ü\n.txt")}`;
  const answer = await alice.get(path);
  expect(parse(answer.headers.get("content-disposition") ?? "").parameters["filename"]).toBe("ihr Kuchen/ü_.txt");
  expect(await (await fetch(`${home.url}/_matrix/media/v3/${path}`)).text()).toBe("x");
});

test.each([
  ["image/png", "image/png", "inline"],
  ["Text/Plain; charset=UTF-8", "text/plain;charset=UTF-8", "inline"],
  ["text/html", "text/html", "attachment"],
  ["text/html;image/png", "text/html", "attachment"],
  ["image/svg+xml", "image/svg+xml", "attachment"],
  ["application/javascript", "application/javascript", "attachment"],
  ["nonsense", "application/octet-stream", "attachment"],
  [undefined, "application/octet-stream", "attachment"],
])("what was uploaded as %s is sent as %s, %s", async (type, sentAs, disposition) => {
  const body = new TextEncoder().encode("<script>alert(1)</script>");
  const { headers } = await download(await alice.put(body, type === undefined ? {} : { type }));
  expect(headers.get("content-type")).toBe(sentAs);
  expect(headers.get("content-disposition")).toBe(disposition);
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("content-security-policy")).toMatch(/^sandbox; default-src 'none'; script-src 'none';/);
  expect(headers.get("cross-origin-resource-policy")).toBe("cross-origin");
  expect(headers.get("access-control-allow-origin")).toBe("*");
  expect(headers.get("cache-control")).toContain("immutable");
});

test.each([
  ["bytes=2-4", 206, "234", "bytes 2-4/10"],
  ["bytes=7-", 206, "789", "bytes 7-9/10"],
  ["bytes=-2", 206, "89", "bytes 8-9/10"],
  ["bytes=8-99", 206, "89", "bytes 8-9/10"],
  ["bytes=-99", 206, "0123456789", "bytes 0-9/10"],
  ["bytes=4-2", 200, "0123456789", null],
  ["bytes=0-1,4-5", 200, "0123456789", null],
  ["lines=0-1", 200, "0123456789", null],
  ["bytes=-", 200, "0123456789", null],
])("of a file with ten bytes, %s gets %i %s", async (range, status, text, contentRange) => {
  const answer = await ranged(await alice.put("0123456789"), { range });
  expect([answer.status, await answer.text()]).toEqual([status, text]);
  expect(answer.headers.get("content-range")).toBe(contentRange);
  expect(answer.headers.get("content-length")).toBe(String(text.length));
  expect(answer.headers.get("accept-ranges")).toBe("bytes");
  expect(answer.headers.get("content-security-policy")).toMatch(/^sandbox;/);
});

test.each(["bytes=10-", "bytes=10-12", "bytes=-0", "bytes=-00"])(
  "a Range with nothing in it is refused: %s",
  async (range) => {
    const answer = await ranged(await alice.put("0123456789"), { range });
    expect([answer.status, answer.headers.get("content-range")]).toEqual([416, "bytes */10"]);
    expect(await answer.json()).toMatchObject({ errcode: "M_UNKNOWN" });
  },
);

test("a range is for GET, and for who knows no other version; of an empty file there is all or nothing", async () => {
  const [mediaId, empty] = [await alice.put("0123456789"), await alice.put("")];
  const head = await ranged(mediaId, { range: "bytes=2-4" }, "HEAD");
  expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, "10", ""]);
  expect((await ranged(mediaId, { range: "bytes=2-4", "if-range": '"older"' })).status).toBe(200);
  expect(await (await ranged(empty, {})).text()).toBe("");
  expect((await ranged(empty, { range: "bytes=0-" })).status).toBe(416);
});

const ranged = (mediaId: string, headers: Record<string, string>, method = "GET") =>
  fetch(`${home.url}/_matrix/client/v1/media/download/localhost/${mediaId}`, {
    method,
    headers: { authorization: `Bearer ${session.access_token}`, ...headers },
  });

test("a download that is given up holds no file open", async () => {
  const mediaId = await alice.put(new Uint8Array(20_000_000));
  await new Promise<void>((resolve) => {
    const given = request(`${home.url}/_matrix/client/v1/media/download/localhost/${mediaId}`, {
      headers: { authorization: `Bearer ${session.access_token}` },
    });
    given.on("response", (response) => {
      response.once("data", () => given.destroy());
      response.once("close", resolve);
      response.on("error", () => {});
    });
    given.on("error", () => {});
    given.end();
  });
  const openFiles = async () => {
    const links = (await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ""));
    return (await Promise.all(links)).filter((path) => path.startsWith(home.folder));
  };
  if (process.platform === "linux") await expect.poll(openFiles).toEqual([]);
});

test.each([
  "localhost/..%2F..%2Fserver.db",
  "localhost/%2e%2e",
  "localhost/..%5Cserver.db",
  "localhost/a%00b",
  "localhost/a.b",
  "..%2F..%2F/abc",
  "%2Fetc/passwd",
  "user@localhost/abc",
])("no path leaves the folder: %s", async (path) => {
  for (const base of ["client/v1/media/download", "media/v3/download"]) {
    const raw = await new Promise<number | undefined>((resolve, reject) => {
      const { hostname, port } = new URL(home.url);
      const headers = { authorization: `Bearer ${session.access_token}` };
      request({ hostname, port, path: `/_matrix/${base}/${path}`, headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .once("error", reject)
        .end();
    });
    expect(raw).toBe(400);
  }
});

test("what is unknown or of another server is not found", async () => {
  const mediaId = await alice.put("x");
  for (const path of ["localhost/unknown", `other.test/${mediaId}`]) {
    for (const kind of ["download", "thumbnail"]) {
      const answer = await readAnswer(await alice.get(`${kind}/${path}?width=1&height=1`));
      expect(answer).toMatchObject({ status: 404, body: { errcode: "M_NOT_FOUND" } });
    }
  }
});

test("without a token there is only what came before the freeze", async () => {
  const openly = async (kind: string, mediaId: string) =>
    readAnswer(await fetch(`${home.url}/_matrix/media/v3/${kind}/localhost/${mediaId}?width=9&height=9&timeout_ms=0`));
  const notFound = { status: 404, body: { errcode: "M_NOT_FOUND" } };
  const before = await alice.put("before");
  const pending = mediaIdOf(await alice.create());
  expect((await fetch(`${home.url}/_matrix/client/v1/media/download/localhost/${before}`)).status).toBe(401);
  expect(await openly("download", before)).toMatchObject({ status: 200, text: "before" });
  expect(await openly("thumbnail", before)).toMatchObject({ status: 400, body: { errcode: "M_UNKNOWN" } });
  expect(await openly("download", pending)).toMatchObject({ status: 504 });
  home.clock.advance(freezeAt - home.clock.now());
  const after = await alice.put("after");
  expect(await openly("download", before)).toMatchObject({ status: 200, text: "before" });
  expect(await openly("download", after)).toMatchObject(notFound);
  expect(await openly("download", `${after}/name`)).toMatchObject(notFound);
  expect(await openly("thumbnail", after)).toMatchObject(notFound);
  expect((await download(after)).status).toBe(200);
});

test("the icon of a provider of single sign-on is for those, too, who have yet to log in", async () => {
  const urls = { authorizationUrl: home.url, tokenUrl: home.url, userInfoUrl: home.url };
  const provider = { id: "one", name: "One", icon: "mxc://localhost/icon", clientId: "x", ...urls };
  await using frozen = await startMediaHomeserver({ sso: { providers: [provider] } });
  const carol = mediaClient(frozen, await frozen.register("carol"));
  const [icon, other] = [await carol.put("icon", { type: "image/png" }), await carol.put("other")];
  const openly = (mediaId: string) => fetch(`${frozen.url}/_matrix/media/v3/download/localhost/${mediaId}`);
  await frozen.db.updateTable("hs_media").set({ media_id: "icon" }).where("media_id", "=", icon).execute();
  expect([(await openly("icon")).status, (await openly(other)).status]).toEqual([200, 404]);
});

test("a guest may download", async () => {
  const mediaId = await alice.put("for guests, too");
  const guest: Session = (await home.call("POST", "/v3/register?kind=guest", { body: {} })).body;
  expect(await (await mediaClient(home, guest).get(`download/localhost/${mediaId}`)).text()).toBe("for guests, too");
});

test("a file that the folder has lost is our mistake, not the caller's", async () => {
  await using broken = await startMediaHomeserver({ logLevel: "silent" });
  const carol = mediaClient(broken, await broken.register("carol"));
  const mediaId = await carol.put("x");
  for (const file of await readdir(join(broken.folder, "files"))) await rm(join(broken.folder, "files", file));
  for (const kind of ["download", "thumbnail"]) {
    expect((await carol.get(`${kind}/localhost/${mediaId}?width=1&height=1`)).status).toBe(500);
  }
});
