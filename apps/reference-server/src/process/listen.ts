import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { http } from "./node-http.ts";

interface ListenOptions {
  /** For messages: "homeserver". */
  readonly name: string;
  readonly host: string;
  /** 0 is a free one. */
  readonly port: number;
  /** The flag or field that changes the port: "--identity-port". */
  readonly portOption: string;
  readonly listener: RequestListener;
}

interface Listening {
  /** Without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

export class ListenError extends Error {
  override readonly name = "ListenError";
}

/** A node:http server that answers from now on, and that finishes its requests before it closes. */
export async function listen({ name, host, port, portOption, listener }: ListenOptions): Promise<Listening> {
  const server = http.createServer({ keepAliveTimeout: 65_000 }, listener);
  await new Promise<void>((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => reject(explain(error, { name, host, port, portOption }));
    server.once("error", fail);
    server.listen({ host, port }, () => {
      server.off("error", fail);
      resolve();
    });
  });
  // listening on TCP, so the address is no string
  const address = server.address() as AddressInfo;
  return {
    url: `http://${reachableHost(address)}:${address.port}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const impatience = setTimeout(() => server.closeAllConnections(), 2000);
      await closed;
      clearTimeout(impatience);
    },
  };
}

/** `0.0.0.0` is where it listens, not where it is reached. */
function reachableHost({ address, family }: AddressInfo): string {
  if (address === "0.0.0.0" || address === "::") return "127.0.0.1";
  return family === "IPv6" ? `[${address}]` : address;
}

function explain(
  error: NodeJS.ErrnoException,
  { name, host, port, portOption }: Omit<ListenOptions, "listener">,
): ListenError {
  const reasons: Record<string, string> = {
    EADDRINUSE: `port ${port} on ${host} is in use; choose another one with ${portOption}, or 0 for a free one`,
    EACCES: `port ${port} needs more rights; choose one above 1023 with ${portOption}, or 0 for a free one`,
    EADDRNOTAVAIL: `${host} is no address of this machine; choose one that is, as 127.0.0.1`,
    ENOTFOUND: `${host} is unknown; choose an address of this machine, as 127.0.0.1`,
  };
  return new ListenError(`the ${name} cannot listen: ${reasons[error.code ?? ""] ?? error.message}`, { cause: error });
}
