import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, extname, join, normalize } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".yaml": "application/yaml; charset=utf-8",
  ".md": "text/markdown; charset=utf-8",
};

/** Serves a built site on loopback until `close` is called; port 0 picks a free one. */
export async function serveDocs(
  folder: string,
  port: number,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { allow: "GET, HEAD" }).end();
      return;
    }
    const file = await find(folder, request.url ?? "/");
    const path = file ?? join(folder, "404.html");
    const [address = "", ...query] = (request.url ?? "/").split(/(?=\?)/);
    if (file !== undefined && basename(file) === "index.html" && !/\/(index\.html)?$/.test(address)) {
      // Links are relative to the page's folder, so its address has to end as one.
      response.writeHead(301, { location: `${address.split("/").at(-1)}/${query.join("")}` }).end();
      return;
    }
    // The site may be rebuilt, or removed, while it is served.
    const content = await readFile(path).catch(() => "There is no such page.");
    response.writeHead(file === undefined ? 404 : 200, {
      "content-type": types[extname(path)] ?? "application/octet-stream",
      "content-security-policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
      "x-content-type-options": "nosniff",
    });
    response.end(request.method === "HEAD" ? undefined : content);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const { port: chosen } = server.address() as AddressInfo; // a TCP server that listens has such an address
  return {
    url: `http://127.0.0.1:${chosen}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function find(folder: string, url: string): Promise<string | undefined> {
  const path = decode(url.split(/[?#]/)[0] ?? "/");
  if (path === undefined || path.includes("\0")) return undefined;
  // Normalised as an absolute path first, so that no `..` can climb out of the folder.
  const file = join(folder, normalize(`/${path}`));
  for (const candidate of [file, join(file, "index.html")]) {
    if ((await stat(candidate).catch(() => undefined))?.isFile()) return candidate;
  }
  return undefined;
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
