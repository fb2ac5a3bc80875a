import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { recaptchaResponse } from "./configuration.ts";

/** What a homeserver asks over HTTP: an application service with one network, a page to preview, a judge of captchas. */
export interface Outside {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startOutside(): Promise<Outside> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // of a server that listens on a port
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const page = `<html><head><meta property="og:title" content="A page"><title>A page</title></head><body>Hello.</body></html>`;

const network = {
  user_fields: ["nickname"],
  location_fields: ["channel"],
  icon: "mxc://synapse.test/icon",
  field_types: {
    nickname: { regexp: ".+", placeholder: "alice" },
    channel: { regexp: ".+", placeholder: "#a" },
  },
  instances: [{ desc: "Contract", fields: {}, network_id: "contract" }],
};

const answer: RequestListener = async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // a request without an encoding gives buffers
  const { pathname } = new URL(request.url ?? "/", "http://outside.test");
  if (pathname === "/page") {
    response.setHeader("content-type", "text/html").end(page);
    return;
  }
  const known = said(pathname, Buffer.concat(chunks).toString());
  response.writeHead(known === undefined ? 404 : 200, { "content-type": "application/json" });
  response.end(JSON.stringify(known ?? { errcode: "M_UNRECOGNIZED", error: `nothing at ${pathname}` }));
};

function said(path: string, body: string): unknown {
  if (path === "/captcha") return { success: new URLSearchParams(body).get("response") === recaptchaResponse };
  const [, service] = /^\/_matrix\/app\/(?:v1|unstable)\/(.*)$/.exec(path) ?? [];
  if (service === "ping" || service?.startsWith("transactions/") === true) return {};
  if (service === "thirdparty/protocol/contract") return network;
  if (service?.startsWith("thirdparty/") === true) return [];
  return undefined;
}
