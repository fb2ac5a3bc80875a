// One side of the throughput benchmark in a process of its own: answers whoami and login without doing anything.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { createClientServerApi, ok } from "@matrix-openapi/server";
import { toNodeListener } from "@matrix-openapi/server/node";
import { OpenAPIBackend } from "openapi-backend";

const owner = { user_id: "@alice:example.org", device_id: "D" };
const session = { ...owner, access_token: "a" };

/** Every answer of a Matrix server carries these, however bare it is. */
const cors = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, POST, PUT, DELETE, OPTIONS",
  "access-control-allow-headers": "X-Requested-With, Content-Type, Authorization",
};

const sides: Readonly<Record<string, () => RequestListener | Promise<RequestListener>>> = {
  ours: () =>
    toNodeListener(
      createClientServerApi(
        { getTokenOwner: () => ok(owner), login: () => ok(session) },
        { authenticate: () => ({ id: owner.user_id, deviceId: owner.device_id, guest: false }) },
      ),
    ),
  raw: () => async (request, response) => {
    const answer = request.method === "POST" ? (JSON.parse(await text(request)), session) : owner;
    const body = JSON.stringify(answer);
    response.writeHead(200, { ...cors, "content-type": "application/json", "content-length": Buffer.byteLength(body) });
    response.end(body);
  },
  "openapi-backend": async () => {
    const definition = new URL(import.meta.resolve("@matrix-openapi/definitions/openapi/client-server.json"));
    const api = new OpenAPIBackend({
      quick: true, // its check of the document knows OpenAPI 3.0 only
      definition: JSON.parse(readFileSync(definition, "utf8")),
      ajvOpts: {
        strict: false,
        formats: {
          "mx-user-id": true,
          "mx-server-name": true,
          "mx-opaque-id": true,
          "mx-validation-id": true,
          "mx-room-id": true,
        },
      },
      handlers: {
        getTokenOwner: () => owner,
        login: () => session,
        validationFail: (context) => ({ errcode: "M_BAD_JSON", error: JSON.stringify(context.validation.errors) }),
        notFound: () => ({ errcode: "M_UNRECOGNIZED" }),
      },
      securityHandlers: { accessTokenBearer: () => true, accessTokenQuery: () => true },
    });
    await api.init();
    return async (request, response) => {
      const answer = (await api.handleRequest({
        method: request.method ?? "GET",
        path: request.url ?? "/",
        headers: request.headers as Record<string, string>, // no header of the benchmark occurs twice
        body: request.method === "POST" ? JSON.parse(await text(request)) : undefined,
      })) as object;
      const body = JSON.stringify(answer);
      response.writeHead("errcode" in answer ? 400 : 200, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
      });
      response.end(body);
    };
  },
};

const side = sides[process.argv[2] ?? ""];
if (side === undefined) throw new Error(`expected one of ${Object.keys(sides).join(", ")}, found ${process.argv[2]}`);
const server = createServer(await side());
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port)); // TCP, so it has a port

async function text(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += String(chunk);
  return body;
}
