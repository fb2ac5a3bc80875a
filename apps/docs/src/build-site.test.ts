import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildSite } from "./build-site.ts";
import { downloadsFolder } from "./downloads.ts";
import { readReference } from "./reference.ts";
import { tagGroups } from "./tag-groups.ts";

const reference = readReference();

let folder: string;
let pages: { readonly path: string; readonly markup: string }[];

beforeAll(async () => {
  folder = join(mkdtempSync(join(tmpdir(), "matrix-docs-")), "site");
  await buildSite(folder);
  pages = globSync("**/*.html", { cwd: folder }).map((path) => ({
    path,
    markup: readFileSync(join(folder, path), "utf8"),
  }));
}, 60_000);
afterAll(() => rmSync(join(folder, ".."), { recursive: true }));

test("every operation of both APIs has a page that names its path and its error codes", () => {
  for (const { href, descriptor } of reference.apis.flatMap((api) => api.operations)) {
    const markup = pageAt(href);
    expect(markup).toContain(descriptor.path);
    for (const errcode of Object.values(descriptor.errcodes).flat()) expect(markup).toContain(`/errors/${errcode}/`);
  }
});

test("every error code in use has a page that lists who answers it", () => {
  const { errors } = reference;
  expect(errors.length).toBeGreaterThan(40);
  for (const { errcode, uses } of errors) {
    const markup = pageAt(`/errors/${errcode}/`);
    for (const { operation, status } of uses) expect(markup).toContain(`href="../..${operation.href}#${status}"`);
  }
});

test("every type of event has a page, and each of its forms a place there", () => {
  for (const { href, type, schema } of reference.events.events) {
    const markup = pageAt(href);
    expect(markup).toContain(`<h1><code>${type}</code></h1>`);
    for (const { $ref = "" } of schema.oneOf ?? []) {
      const form = reference.events.document.components.schemas[$ref.split("/").at(-1) ?? ""];
      const value = form?.properties?.["msgtype"]?.const;
      if (typeof value === "string") expect(markup).toContain(`id="${value}"`);
    }
  }
  expect(pageAt("/events/m.room.message/")).toContain('id="m.image"');
});

test("every tag has a place in the contents", () => {
  for (const api of reference.apis) {
    expect(tagGroups(api).map(({ title }) => title)).not.toContain("More");
    for (const { href } of tagGroups(api).flatMap(({ tags }) => tags)) expect(pageAt(href)).toContain("<h1>");
  }
});

test("the changes of every version have a place, and link what they name", () => {
  const markup = pageAt("/changes/");
  for (const { version, changes } of reference.changelog.releases) {
    expect(markup).toContain(`id="v${version}"`);
    for (const { operation } of changes) {
      if (operation !== null) expect(markup).toMatch(new RegExp(`href="[^"]*/${operation.operationId}/"`));
    }
  }
});

test("everything the generator writes for other tools can be downloaded", () => {
  const markup = pageAt("/downloads/");
  for (const path of globSync("**/*.*", { cwd: downloadsFolder })) {
    expect(markup).toContain(`href="../openapi/${path}"`);
    const same = readFileSync(join(folder, "openapi", path)).equals(readFileSync(join(downloadsFolder, path)));
    expect([path, same]).toEqual([path, true]);
  }
});

test("every page has one heading, a title and a description of its own, and no anchor twice", () => {
  for (const { path, markup } of pages) {
    const ids = [...markup.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect({
      path,
      headings: [...markup.matchAll(/<h1[ >]/g)].length,
      title: /<title>(.*?)<\/title>/.exec(markup)?.[1] ?? "",
      description: /<meta name="description" content="([^"]*)"/.exec(markup)?.[1] ?? "",
      twice: ids.filter((id, index) => ids.indexOf(id) !== index),
      current: [...markup.matchAll(/aria-current="page"/g)].length <= 1,
    }).toEqual({
      path,
      headings: 1,
      title: expect.stringMatching(/Matrix APIs$/),
      description: expect.stringMatching(/^[^\n]{10,}$/),
      twice: [],
      current: true,
    });
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
