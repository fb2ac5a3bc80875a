import { existsSync, readdirSync } from "node:fs";
import { cp, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { downloadsFolder } from "./downloads.ts";
import { layout } from "./layout.ts";
import type { Page } from "./layout.ts";
import { linksFrom, rootFrom } from "./links.ts";
import { navigation } from "./navigation.ts";
import { pagesOf } from "./pages.ts";
import { notFoundPage } from "./pages/not-found-page.ts";
import { readReference } from "./reference.ts";
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
  const reference = readReference();
  const pages = pagesOf(reference);
  const framed = (page: Page) => layout(page, navigation(page, reference));

  const fresh = `${target}.new`;
  await rm(fresh, { recursive: true, force: true });
  for (const page of pages)
    await write(join(fresh, page.href, "index.html"), linksFrom(rootFrom(page.href), framed(page)));
  await write(join(fresh, "404.html"), linksFrom(base, framed(notFoundPage())));
  await write(join(fresh, "assets", "search.json"), JSON.stringify(searchIndex(pages, reference)));
  for (const name of ["style.css", "page.js"]) await cp(asset(name), join(fresh, "assets", name));
  await cp(fileURLToPath(import.meta.resolve("minisearch")), join(fresh, "assets", "minisearch.js"));
  await cp(downloadsFolder, join(fresh, "openapi"), { recursive: true });
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
