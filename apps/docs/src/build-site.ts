import { existsSync, readdirSync } from "node:fs";
import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readApis } from "./api-reference.ts";
import { collectErrors } from "./errors.ts";
import { layout } from "./layout.ts";
import type { Page } from "./layout.ts";
import { linksFrom, rootFrom } from "./links.ts";
import { apiPage } from "./pages/api-page.ts";
import { errorPages } from "./pages/error-pages.ts";
import { guidePage } from "./pages/guide-page.ts";
import { homePage } from "./pages/home-page.ts";
import { notFoundPage } from "./pages/not-found-page.ts";
import { operationPage } from "./pages/operation-page.ts";
import { searchIndex } from "./search-index.ts";

/** Where a site is going to stand. */
export interface SiteOptions {
  /** The path of the front page, with a slash at both ends; only 404.html, which is served anywhere, depends on it. */
  readonly base?: string;
}

/** Builds the whole site into `folder`; what was there is replaced only once everything has been written. */
export async function buildSite(
  folder: string,
  { base = "/" }: SiteOptions = {},
): Promise<{ readonly pages: number; readonly folder: string }> {
  const target = resolve(folder);
  refuseOthers(target);
  const apis = readApis();
  const errors = collectErrors(apis);
  const pages: readonly Page[] = [
    homePage(apis, errors),
    guidePage("user-interactive-auth"),
    ...apis.flatMap((api) => [apiPage(api), ...api.operations.map(operationPage)]),
    ...errorPages(errors, apis),
  ];

  const fresh = `${target}.new`;
  await rm(fresh, { recursive: true, force: true });
  for (const page of pages)
    await write(join(fresh, page.href, "index.html"), linksFrom(rootFrom(page.href), layout(page, apis)));
  await write(join(fresh, "404.html"), linksFrom(base, layout(notFoundPage(), apis)));
  await write(join(fresh, "assets", "search.json"), JSON.stringify(searchIndex(pages, apis)));
  for (const name of ["style.css", "page.js"]) await cp(asset(name), join(fresh, "assets", name));
  await cp(fileURLToPath(import.meta.resolve("minisearch")), join(fresh, "assets", "minisearch.js"));
  for (const { slug } of apis) {
    const bundle = fileURLToPath(import.meta.resolve(`@matrix-openapi/definitions/openapi/${slug}.json`));
    await write(join(fresh, "openapi", `${slug}.json`), await readFile(bundle));
  }
  await rm(target, { recursive: true, force: true });
  await rename(fresh, target);
  return { pages: pages.length + 1, folder: target };
}

/** Since a build replaces the folder as a whole, it must not be one that somebody keeps other things in. */
function refuseOthers(folder: string): void {
  if (!existsSync(folder) || existsSync(join(folder, "assets", "search.json")) || readdirSync(folder).length === 0)
    return;
  throw new Error(`${folder} holds something else than this site; give a folder that is new, empty or an earlier site`);
}

async function write(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

function asset(name: string): string {
  return fileURLToPath(new URL(`assets/${name}`, import.meta.url));
}
