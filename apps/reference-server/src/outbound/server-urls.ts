import { isIP } from "node:net";
import { isServerName } from "../identifiers.ts";
import { asObject } from "../json.ts";
import { followRedirects } from "./follow-redirects.ts";
import { OutboundError } from "./outbound-fetch.ts";
import type { OutboundFetch } from "./outbound-fetch.ts";

/** Where servers are reached; base URLs have no slash at the end. */
export interface ServerUrls {
  /** Our own homeserver. */
  readonly homeserver: string;
  /** Our own identity server. */
  readonly identity: string;
  /** Of an `id_server`, which clients give as host or host:port: https, unless it is our own or configured. */
  identityServer(name: string): string;
  /**
   * Of a server name's federation endpoints (OpenID userinfo, onbind): our own, configured, delegated, or its port 8448.
   * An OutboundError where there can be no such server.
   */
  homeserverOf(serverName: string): Promise<string>;
}

interface ServerUrlOptions {
  readonly serverName: string;
  readonly homeserver: string;
  readonly identity: string;
  /** Other addresses that lead to our own identity server: where it listens. */
  readonly identityListens: string;
  readonly configured: Readonly<Record<string, string>>;
  readonly fetch: OutboundFetch;
}

export function createServerUrls(options: ServerUrlOptions): ServerUrls {
  const { serverName, homeserver, identity, configured, fetch } = options;
  const configuredUrl = (name: string) => (Object.hasOwn(configured, name) ? configured[name] : undefined);
  const ownIdentityNames = new Set([identity, options.identityListens].flatMap(namesOf));
  return {
    homeserver,
    identity,
    identityServer(name) {
      return configuredUrl(name) ?? (ownIdentityNames.has(name) ? identity : `https://${name}`);
    },
    async homeserverOf(name) {
      const known = configuredUrl(name) ?? (name === serverName ? homeserver : undefined);
      return known ?? federationUrl(await delegateOf(name, fetch));
    },
  };
}

/** A loopback server is the same by its address and by the name `localhost`. */
function namesOf(baseUrl: string): string[] {
  const { host, hostname, port } = new URL(baseUrl);
  const isLoopback = hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
  return isLoopback ? [host, `localhost:${port}`, `127.0.0.1:${port}`] : [host];
}

/** https://spec.matrix.org/v1.19/server-server-api/#server-discovery, without the SRV records. */
async function delegateOf(serverName: string, fetch: OutboundFetch): Promise<string> {
  if (hasPort(serverName) || isIP(serverName.replace(/^\[|\]$/g, "")) !== 0) return serverName;
  try {
    const { response } = await followRedirects(fetch, `https://${serverName}/.well-known/matrix/server`);
    const body: unknown = response.ok ? await response.json() : {};
    const delegate = asObject(body)["m.server"];
    return typeof delegate === "string" && isServerName(delegate) ? delegate : serverName;
  } catch {
    return serverName; // no delegation is the usual case, and no error
  }
}

/** The grammar of server names knows more than there are: `1.2.3.999`, the port 99999. */
function federationUrl(serverName: string): string {
  const url = `https://${hasPort(serverName) ? serverName : `${serverName}:8448`}`;
  if (!URL.canParse(url)) throw new OutboundError("unreachable", `${serverName} has no address or port that can be`);
  return url;
}

function hasPort(serverName: string): boolean {
  return /:\d+$/.test(serverName) && !/^[^[\]]*:[^[\]]*:/.test(serverName);
}
