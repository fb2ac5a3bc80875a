import { ClientEvent, createClient, SyncState } from "matrix-js-sdk";
import type { ICreateClientOpts, IStartClientOpts, MatrixClient } from "matrix-js-sdk";
import { vi } from "vitest";
import type { RunningServers } from "../running-servers.ts";

export const password = "correct horse battery staple";

/** A new account, and the SDK's client of its first device. */
export async function registered(servers: RunningServers, username: string, options: Partial<ICreateClientOpts> = {}) {
  const guest = createClient({ baseUrl: servers.homeserver });
  const answer = await guest.registerRequest({ username, password, auth: { type: "m.login.dummy" } });
  return createClient({
    baseUrl: servers.homeserver,
    userId: answer.user_id,
    accessToken: answer.access_token ?? "",
    deviceId: answer.device_id ?? "",
    timelineSupport: true,
    ...options,
  });
}

/** A further device of the account. */
export async function loggedIn(servers: RunningServers, username: string, options: Partial<ICreateClientOpts> = {}) {
  const identifier = { type: "m.id.user", user: username };
  const guest = createClient({ baseUrl: servers.homeserver });
  const answer = await guest.loginRequest({ type: "m.login.password", identifier, password });
  return createClient({
    baseUrl: servers.homeserver,
    userId: answer.user_id,
    accessToken: answer.access_token,
    deviceId: answer.device_id,
    timelineSupport: true,
    ...options,
  });
}

/** The same device after its program was started again, knowing nothing but its token. */
export function startedAnew(client: MatrixClient): MatrixClient {
  client.stopClient();
  return createClient({
    baseUrl: client.baseUrl,
    userId: client.getSafeUserId(),
    accessToken: client.getAccessToken() ?? "",
    deviceId: client.getDeviceId() ?? "",
    timelineSupport: true,
  });
}

/** Resolves once the client has its first answer of `/sync`. */
export async function syncing(client: MatrixClient, options: IStartClientOpts = {}): Promise<MatrixClient> {
  const prepared = new Promise<void>((resolve, reject) => {
    client.on(ClientEvent.Sync, (state, _previous, data) => {
      if (state === SyncState.Prepared) resolve();
      if (state === SyncState.Error) reject(data?.error ?? new Error("the first sync failed"));
    });
  });
  // Nobody waits for a rejection after the first sync.
  prepared.catch(() => undefined);
  await client.startClient({ threadSupport: true, initialSyncLimit: 20, ...options });
  await prepared;
  return client;
}

/** Resolves once the client sees a device of the user that has keys: what it encrypts before is never read there. */
export async function seesKeysOf(client: MatrixClient, userId: string): Promise<void> {
  const found = async () => (await client.getCrypto()?.getUserDeviceInfo([userId], true))?.get(userId)?.size ?? 0;
  await vi.waitUntil(async () => (await found()) > 0, { timeout: 20_000, interval: 50 });
}
