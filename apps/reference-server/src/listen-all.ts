import type { Configuration } from "./configuration/configuration.ts";
import type { ServerApplication } from "./platform.ts";
import { listen } from "./process/listen.ts";
import type { Log } from "./process/log.ts";
import { createNodeListener } from "./process/node-listener.ts";

interface LateServer {
  readonly url: string;
  serve(application: ServerApplication): void;
}

/** The servers have to listen before they can be told where they are; requests wait that long. */
export async function listenAll(
  config: Configuration,
  inbox: ServerApplication,
  log: Log,
  stack: AsyncDisposableStack,
) {
  const late = async (name: string, host: string, port: number, portOption: string): Promise<LateServer> => {
    const { promise, resolve } = Promise.withResolvers<ServerApplication>();
    const server = await listen({ name, host, port, portOption, listener: createNodeListener(promise, log) });
    let served: ServerApplication | undefined;
    stack.defer(async () => {
      await server.close(); // its last requests still need the application
      await served?.close?.();
    });
    return {
      url: server.url,
      serve(application) {
        served = application;
        resolve(application);
      },
    };
  };
  const servers = {
    homeserver: await late("homeserver", config.host, config.port, "--port"),
    identity: await late("identity server", config.host, config.identityPort, "--identity-port"),
    inbox: await late("inbox", "127.0.0.1", config.inboxPort, "--inbox-port"),
  };
  servers.inbox.serve(inbox);
  return servers;
}
