import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installedClients } from "../installed-clients.ts";

interface Esbuild {
  build(options: object): Promise<{ readonly outputFiles: readonly { readonly contents: Uint8Array }[] }>;
}

export interface ServedPage {
  readonly url: string;
  close(): void;
}

interface PageSource {
  /** Its script is beside it, under the same name. */
  readonly page: string;
  /** Below which path the files of which folder are. */
  readonly folders: { readonly [path: string]: string };
}

/** Serves a page of this folder with its script at an origin of its own, which is not the homeserver's. */
export async function servePage({ page, folders }: PageSource): Promise<ServedPage> {
  const { build } = installedClients()("esbuild") as Esbuild;
  const { outputFiles } = await build({
    entryPoints: [beside(`./${page}.ts`)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    external: ["crypto", "fs", "path"], // which libraries load where there is Node
    define: { global: "globalThis" },
    nodePaths: [fileURLToPath(new URL("../../.subjects/clients/node_modules/", import.meta.url))],
  });
  const html = await readFile(beside(`./${page}.html`));
  const server = createServer(async ({ url = "/" }, response) => {
    const path = url.split("?", 1)[0] ?? "/";
    const folder = Object.keys(folders).find((start) => path.startsWith(start));
    const file = join(folders[folder ?? ""] ?? "", path.slice(folder?.length));
    if (path === "/") response.setHeader("content-type", "text/html").end(html);
    else if (path === `/${page}.js`) response.setHeader("content-type", types[".js"]).end(outputFiles[0]?.contents);
    else if (folder === undefined) response.writeHead(404).end();
    else {
      const type = types[extname(file) as keyof typeof types] ?? "application/octet-stream"; // undefined where unknown
      await readFile(file).then(
        (content) => response.setHeader("content-type", type).end(content),
        () => response.writeHead(404).end(),
      );
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port, not on a pipe
  return { url: `http://127.0.0.1:${port}/`, close: () => void server.close() };
}

const beside = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

const types = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".html": "text/html",
  ".wasm": "application/wasm",
} as const;
