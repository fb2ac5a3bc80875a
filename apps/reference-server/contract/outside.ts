import type { ApplicationServiceRegistration } from "../src/configuration/application-service-registration.ts";
import { createBomb } from "../src/homeserver/media/fixtures/images.ts";
import { startLoopbackServer } from "../src/fixtures/loopback-server.ts";

const files: Readonly<Record<string, readonly [type: string, content: string | Uint8Array]>> = {
  "/page": ["text/html", '<title>A page</title><meta property="og:image" content="/picture">'],
  "/picture": ["image/png", createBomb(48, 32)],
};

const issuer = "https://auth.example.org/";

/** Everybody that a homeserver depends on, in one server: a web page, an OAuth server, an application service. */
export async function startOutside() {
  const server = await startLoopbackServer((incoming, outgoing) => {
    const { pathname } = new URL(incoming.url ?? "/", "http://outside");
    const [type, content] = files[pathname] ?? ["application/json", JSON.stringify(answerTo(pathname))];
    outgoing.setHeader("content-type", type).end(content);
  });
  const registration: ApplicationServiceRegistration = {
    id: "irc",
    url: server.url,
    as_token: "as-token-of-irc",
    hs_token: "hs-token-of-irc",
    sender_localpart: "_irc_bot",
    namespaces: { users: [{ exclusive: true, regex: "@_irc_.*" }] },
    protocols: ["irc"],
  };
  const provider = {
    id: "work",
    name: "Work",
    authorizationUrl: `${server.url}/authorize`,
    tokenUrl: `${server.url}/token`,
    userInfoUrl: `${server.url}/userinfo`,
    clientId: "contract",
  };
  return { url: server.url, registration, provider, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

function answerTo(path: string): unknown {
  if (path === "/oauth") return oauthMetadata;
  if (path.includes("/thirdparty/protocol/")) return protocol;
  const fields = { network: "libera", channel: "#garden" };
  if (path.includes("/thirdparty/location")) return [{ alias: "#_irc_garden:localhost", protocol: "irc", fields }];
  if (path.includes("/thirdparty/user")) return [{ userid: "@_irc_bob:localhost", protocol: "irc", fields }];
  return {};
}

const protocol = {
  user_fields: ["network", "nickname"],
  location_fields: ["network", "channel"],
  icon: "mxc://localhost/irc",
  field_types: {
    network: { regexp: "[a-z]+", placeholder: "libera" },
    nickname: { regexp: "[^\\s]+", placeholder: "nick" },
    channel: { regexp: "#[^\\s]+", placeholder: "#channel" },
  },
  instances: [{ network_id: "libera", desc: "Libera", fields: { network: "libera" } }],
};

const oauthMetadata = {
  issuer,
  authorization_endpoint: `${issuer}authorize`,
  token_endpoint: `${issuer}token`,
  revocation_endpoint: `${issuer}revoke`,
  registration_endpoint: `${issuer}register`,
  response_types_supported: ["code"],
  grant_types_supported: ["authorization_code", "refresh_token"],
  response_modes_supported: ["query", "fragment"],
  code_challenge_methods_supported: ["S256"],
};
