import { cp, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readApis } from "./api-reference.ts";
import { collectErrors } from "./errors.ts";
import { layout } from "./layout.ts";
import type { Page } from "./layout.ts";
import { apiPage } from "./pages/api-page.ts";
import { errorPages } from "./pages/error-pages.ts";
import { guidePage } from "./pages/guide-page.ts";
import { homePage } from "./pages/home-page.ts";
import { notFoundPage } from "./pages/not-found-page.ts";
import { operationPage } from "./pages/operation-page.ts";
import { searchIndex } from "./search-index.ts";

/** Builds the whole site into `folder`; what was there is replaced only once everything has been written. */
export async function buildSite(folder: string): Promise<{ readonly pages: number }> {
  const apis = readApis();
  const errors = collectErrors(apis);
  const pages: readonly Page[] = [
    homePage(apis, errors),
    guidePage("user-interactive-auth"),
    ...apis.flatMap((api) => [apiPage(api), ...api.operations.map(operationPage)]),
    ...errorPages(errors, apis),
    notFoundPage(),
  ];

  const fresh = `${folder}.new`;
  await rm(fresh, { recursive: true, force: true });
  for (const page of pages) await write(join(fresh, page.href, "index.html"), layout(page, apis));
  // Where hosts of static sites look for it.
  await cp(join(fresh, "404", "index.html"), join(fresh, "404.html"));
  await write(join(fresh, "assets", "search.json"), JSON.stringify(searchIndex(pages, apis)));
  for (const name of ["style.css", "page.js"]) await cp(asset(name), join(fresh, "assets", name));
  await cp(fileURLToPath(import.meta.resolve("minisearch")), join(fresh, "assets", "minisearch.js"));
  for (const { slug } of apis) {
    const bundle = fileURLToPath(import.meta.resolve(`@matrix-openapi/definitions/openapi/${slug}.json`));
    await write(join(fresh, "openapi", `${slug}.json`), await readFile(bundle));
  }
  await rm(folder, { recursive: true, force: true });
  await rename(fresh, folder);
  return { pages: pages.length };
}

async function write(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

function asset(name: string): string {
  return fileURLToPath(new URL(`assets/${name}`, import.meta.url));
}
