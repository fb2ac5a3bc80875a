import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { parseJson } from "../body.ts";
import type { JsonObject } from "../json.ts";
import { isObject, member, stringMember } from "../json.ts";

/** Where the notifications of the server under test arrive: https://spec.matrix.org/v1.19/push-gateway-api/ */
export interface PushGateway {
  /** The address that pushers are given. */
  readonly url: string;
  /** All notifications for a push key so far, the earliest first. */
  notificationsFor(pushkey: string): readonly JsonObject[];
  /** Every further notification for the key is answered with a rejection of it. */
  reject(pushkey: string): void;
  close(): Promise<void>;
}

const path = "/_matrix/push/v1/notify";

/** Listens at the URL's host and port, or on a free one for port 0; the server under test reaches it there. */
export async function startPushGateway(base: URL | string): Promise<PushGateway> {
  const notifications: JsonObject[] = [];
  const rejected = new Set<string>();
  const server = createServer((incoming, outgoing) => {
    void text(incoming).then(
      (body) => {
        const notification = member(parseJson(body), "notification");
        const isKnown = incoming.method === "POST" && incoming.url === path && isObject(notification);
        if (isKnown) notifications.push(notification);
        outgoing.writeHead(isKnown ? 200 : 404, { "content-type": "application/json" });
        const keys = pushkeysIn(notification).filter((key) => rejected.has(key));
        outgoing.end(JSON.stringify(isKnown ? { rejected: keys } : { errcode: "M_UNRECOGNIZED", error: "No gateway" }));
      },
      () => outgoing.destroy(),
    );
  });
  const url = new URL(path, base);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(Number(url.port), url.hostname, resolve);
  });
  const address = server.address();
  if (typeof address === "object" && address !== null) url.port = String(address.port);
  return {
    url: url.href,
    notificationsFor: (pushkey) => notifications.filter((one) => pushkeysIn(one).includes(pushkey)),
    reject: (pushkey) => void rejected.add(pushkey),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function pushkeysIn(notification: unknown): readonly string[] {
  const devices = member(notification, "devices");
  return Array.isArray(devices) ? devices.flatMap((device) => stringMember(device, "pushkey") ?? []) : [];
}
