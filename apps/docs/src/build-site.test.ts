import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readApis } from "./api-reference.ts";
import { buildSite } from "./build-site.ts";
import { collectErrors } from "./errors.ts";

let folder: string;
let pages: { readonly path: string; readonly markup: string }[];

beforeAll(async () => {
  folder = join(mkdtempSync(join(tmpdir(), "matrix-docs-")), "site");
  await buildSite(folder);
  pages = globSync("**/*.html", { cwd: folder }).map((path) => ({
    path,
    markup: readFileSync(join(folder, path), "utf8"),
  }));
});
afterAll(() => rmSync(join(folder, ".."), { recursive: true }));

test("every operation of both APIs has a page that names its path and its error codes", () => {
  for (const { href, descriptor } of readApis().flatMap((api) => api.operations)) {
    const markup = pageAt(href);
    expect(markup).toContain(descriptor.path);
    for (const errcode of Object.values(descriptor.errcodes).flat()) expect(markup).toContain(`/errors/${errcode}/`);
  }
});

test("every error code in use has a page that lists who answers it", () => {
  const errors = collectErrors(readApis());
  expect(errors.length).toBeGreaterThan(40);
  for (const { errcode, uses } of errors) {
    const markup = pageAt(`/errors/${errcode}/`);
    for (const { operation, status } of uses) expect(markup).toContain(`href="../..${operation.href}#${status}"`);
  }
});

test("every link inside the site leads to a page, and to a place on it", () => {
  const broken = pages.flatMap(({ path, markup }) =>
    [...markup.matchAll(/ (?:href|src)="([^"]*)"/g)]
      .map(([, link]) => link ?? "")
      .filter((link) => !/^https?:/.test(link))
      .filter((link) => !resolves(path, link))
      .map((link) => `${path}: ${link}`),
  );
  expect(broken).toEqual([]);
});

test("no link depends on where the site stands, but those of the 404 page, which is served anywhere", () => {
  for (const { path, markup } of pages) {
    expect([path, / (?:href|src)="\//.test(markup)]).toEqual([path, path === "404.html"]);
  }
});

test("no page loads anything from elsewhere", () => {
  for (const { path, markup } of pages) {
    expect([path, ...markup.matchAll(/(?:src|@import url\()="?https?:/g)]).toEqual([path]);
    expect([path, ...markup.matchAll(/<link[^>]+href="https?:/g)]).toEqual([path]);
  }
});

test("a second build replaces the first as a whole", async () => {
  await buildSite(folder);
  expect(existsSync(join(folder, "index.html"))).toBe(true);
  expect(existsSync(`${folder}.new`)).toBe(false);
});

function pageAt(href: string): string {
  return pages.find(({ path }) => `/${path}` === `${href}index.html`)?.markup ?? `no page at ${href}`;
}

function resolves(from: string, link: string): boolean {
  const { pathname, hash } = new URL(link, `http://localhost/${from}`);
  const target = join(folder, pathname.endsWith("/") ? join(pathname, "index.html") : pathname);
  return existsSync(target) && (hash === "" || readFileSync(target, "utf8").includes(`id="${hash.slice(1)}"`));
}
