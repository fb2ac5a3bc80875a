import { createAccount } from "../../homeserver/accounts/accounts.ts";
import { userIdOf } from "../../homeserver/accounts/user-id.ts";
import { createDevice } from "../../homeserver/devices/devices.ts";
import { issueAccessToken } from "../../homeserver/sessions/issue-tokens.ts";
import { openSession } from "../../homeserver/sessions/open-session.ts";
import type { Platform } from "../../platform.ts";
import { withTransaction } from "../../storage/database.ts";
import type { CallAs } from "./call-as.ts";
import type { Fixtures, LoadedDevice, LoadedUser } from "./fixtures.ts";

type UserFixture = NonNullable<Fixtures["users"]>[string];

/**
 * The account, unless it is there, and its devices. Not by registration, which may be closed, or ask for what only
 * people have.
 */
export async function loadUser(
  platform: Platform,
  callAs: CallAs,
  localpart: string,
  { password = `${localpart}-password`, displayName, devices = { FIXTURE: {} } }: UserFixture,
): Promise<LoadedUser> {
  const userId = userIdOf(platform, localpart);
  const passwordHash = await platform.passwords.hash(password);
  const created = await createAccount(platform, { localpart, passwordHash, isGuest: false });
  const loaded: LoadedDevice[] = [];
  for (const [deviceId, device] of Object.entries(devices)) {
    loaded.push({ deviceId, accessToken: await logIn(platform, userId, deviceId, device) });
  }
  const [first] = loaded;
  if (first === undefined) throw new Error(`expected that ${userId} has a device`);
  if (created !== undefined && displayName !== undefined) {
    const path = `/profile/${encodeURIComponent(userId)}/displayname`;
    await callAs(first.accessToken, "PUT", path, { displayname: displayName });
  }
  return { userId, password, ...first, devices: Object.fromEntries(loaded.map((one) => [one.deviceId, one])) };
}

/** Its access token: a new one, or the one that is given, which holds until its user logs out. */
async function logIn(
  platform: Platform,
  userId: string,
  deviceId: string,
  { displayName, accessToken }: NonNullable<UserFixture["devices"]>[string],
): Promise<string> {
  if (accessToken === undefined) {
    const name = displayName === undefined ? {} : { initial_device_display_name: displayName };
    const session = await openSession(platform, userId, { device_id: deviceId, ...name });
    return session.access_token;
  }
  await withTransaction(platform.db, async () => {
    await createDevice(platform, userId, deviceId, displayName);
    await issueAccessToken(platform, { user_id: userId, device_id: deviceId }, accessToken);
  });
  return accessToken;
}
