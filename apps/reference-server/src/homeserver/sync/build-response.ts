import type { components } from "@matrix-openapi/definitions/client-server";
import type { Home } from "../home.ts";
import { deviceListChanges } from "../encryption/device-list-changes.ts";
import { unusedFallbackKeyTypes } from "../encryption/fallback-keys.ts";
import { oneTimeKeyCounts } from "../encryption/one-time-keys.ts";
import { takeToDevice } from "../encryption/to-device/pending-messages.ts";
import { passes } from "../timeline/event-filter.ts";
import { syncToken } from "../timeline/tokens.ts";
import { accountDataSince, allAccountData } from "../user-data/account-data.ts";
import type { AccountData } from "../user-data/account-data.ts";
import type { Entry } from "./news.ts";
import { presenceEvents } from "./presence-events.ts";
import type { SyncRequest } from "./request.ts";
import { roomsSection } from "./rooms-section.ts";

type SyncResponse = components["schemas"]["SyncResponse"];

/** Everything between two positions of the stream, and whether there is news in it. Where more waits for the device than one response takes, it ends earlier. */
export async function buildResponse(
  home: Home,
  wanted: SyncRequest,
): Promise<{ readonly body: SyncResponse; readonly hasNews: boolean }> {
  const { db } = home;
  const { user, since, filter } = wanted;
  const after = since ?? 0;
  const { entries } = wanted;
  const isOwn = ({ userId, deviceId }: Entry) =>
    userId === user.id && (deviceId === null || deviceId === user.deviceId);
  // What the part of the stream has nothing of need not be looked for.
  const mayHave = (isSought: (entry: Entry) => boolean) => entries === undefined || entries.some(isSought);

  const toDevice = mayHave((entry) => entry.kind === "to_device" && isOwn(entry))
    ? await takeToDevice(db, user.id, user.deviceId, { after, upTo: wanted.upTo, limit: mostToDevice })
    : { events: [], upTo: wanted.upTo };
  const request: SyncRequest = { ...wanted, upTo: toDevice.upTo };
  const { upTo } = request;

  const accountData =
    since === undefined || request.fullState
      ? await allAccountData(db, user.id)
      : mayHave((entry) => entry.kind === "account_data" && isOwn(entry))
        ? await accountDataSince(db, user.id, { after, upTo })
        : noAccountData;
  const globalData = accountData.global.filter(passes(filter.account_data));
  const rooms = await roomsSection(home, request, accountData);
  const presence = mayHave(({ kind, userId }) => kind === "presence" || (kind === "event" && userId !== null))
    ? (await presenceEvents(home, request)).filter(passes(filter.presence))
    : [];
  const devices =
    since !== undefined && mayHave(changesDeviceLists)
      ? await deviceListChanges(db, user.id, { after, upTo })
      : { changed: [], left: [] };
  const hasNewCounts =
    mayHave((entry) => entry.kind === "device_keys" && isOwn(entry)) && (await hasDeviceKeyNews(home, request));

  const news = {
    ...(rooms !== undefined && { rooms }),
    ...(globalData.length > 0 && { account_data: { events: globalData } }),
    ...(presence.length > 0 && { presence: { events: presence } }),
    ...(toDevice.events.length > 0 && { to_device: { events: toDevice.events } }),
    ...(devices.changed.length + devices.left.length > 0 && { device_lists: devices }),
  };
  return {
    hasNews: hasNewCounts || Object.keys(news).length > 0,
    body: {
      next_batch: syncToken(upTo),
      ...news,
      device_one_time_keys_count: await oneTimeKeyCounts(db, user.id, user.deviceId),
      device_unused_fallback_key_types: await unusedFallbackKeyTypes(db, user.id, user.deviceId),
    },
  };
}

const noAccountData: AccountData = { global: [], rooms: new Map() };

/** Keys and devices do, and who shares encrypted rooms with whom. */
function changesDeviceLists({ kind, eventType }: Entry): boolean {
  return kind === "device_list" || eventType === "m.room.member" || eventType === "m.room.encryption";
}

/** https://spec.matrix.org/v1.19/client-server-api/#server-behaviour-5 */
const mostToDevice = 100;

async function hasDeviceKeyNews({ db }: Home, { user, since, upTo }: SyncRequest): Promise<boolean> {
  if (since === undefined) return true;
  const entry = await db
    .selectFrom("hs_stream")
    .select("position")
    .where("kind", "=", "device_keys")
    .where("user_id", "=", user.id)
    .where("device_id", "=", user.deviceId)
    .where("position", ">", since)
    .where("position", "<=", upTo)
    .limit(1)
    .executeTakeFirst();
  return entry !== undefined;
}
