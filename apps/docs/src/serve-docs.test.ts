import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveDocs } from "./serve-docs.ts";

const root = mkdtempSync(join(tmpdir(), "matrix-docs-"));
let server: Awaited<ReturnType<typeof serveDocs>>;

beforeAll(async () => {
  mkdirSync(join(root, "site", "errors"), { recursive: true });
  writeFileSync(join(root, "secret.txt"), "secret");
  writeFileSync(join(root, "site", "index.html"), "front");
  writeFileSync(join(root, "site", "errors", "index.html"), "errors");
  writeFileSync(join(root, "site", "404.html"), "nothing here");
  server = await serveDocs(join(root, "site"), 0);
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

test("a folder is its index page", async () => {
  expect(await get("/")).toEqual({ status: 200, type: "text/html; charset=utf-8", body: "front" });
});

test("a folder's address ends with a slash, which its links start from", async () => {
  const response = await fetch(`${server.url}/errors?q=x`);
  expect({ url: response.url, body: await response.text() }).toEqual({
    url: `${server.url}/errors/?q=x`,
    body: "errors",
  });
});

test.each(["/nowhere", "/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/%", "/a%00b"])(
  "%s is not found",
  async (path) => {
    expect(await get(path)).toMatchObject({ status: 404, body: "nothing here" });
  },
);

test("what is no reading is refused", async () => {
  expect((await fetch(server.url, { method: "POST" })).status).toBe(405);
});

test("a site that is removed while it is served is not found", async () => {
  rmSync(join(root, "site"), { recursive: true });
  expect(await get("/")).toMatchObject({ status: 404 });
});

/** By node:http, because fetch tidies a path up before it sends it. */
function get(path: string): Promise<{ status: number | undefined; type: string | undefined; body: string }> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path }, async (response) => {
      let body = "";
      for await (const chunk of response.setEncoding("utf8")) body += String(chunk);
      resolve({ status: response.statusCode, type: response.headers["content-type"], body });
    })
      .on("error", reject)
      .end();
  });
}
