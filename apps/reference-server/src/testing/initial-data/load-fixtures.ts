import type { Platform, ServerApplication } from "../../platform.ts";
import { callsTo, findsIn } from "./call-as.ts";
import type { Fixtures, LoadedFixtures, LoadedRoom, LoadedUser } from "./fixtures.ts";
import { createFixtureRoom } from "./load-room.ts";
import { loadUser } from "./load-users.ts";

/** Puts users and rooms into a homeserver; those that it has from an earlier start are left as they are. */
export async function loadFixtures(
  platform: Platform,
  homeserver: Pick<ServerApplication, "fetch">,
  { users = {}, rooms = {} }: Fixtures,
): Promise<LoadedFixtures> {
  const callAs = callsTo(homeserver);
  const find = findsIn(homeserver);
  const { serverName } = platform.config;
  const loadedUsers: Record<string, LoadedUser> = {};
  for (const [localpart, user] of Object.entries(users)) {
    loadedUsers[localpart] = await loadUser(platform, callAs, localpart, user);
  }
  const loadedRooms: Record<string, LoadedRoom> = {};
  const [anybody] = Object.values(loadedUsers);
  for (const [name, fixture] of Object.entries(rooms)) {
    const alias = `#${name}:${serverName}`;
    const there = await find(anybody?.accessToken ?? "", `/directory/room/${encodeURIComponent(alias)}`);
    loadedRooms[name] =
      there?.room_id === undefined
        ? await createFixtureRoom(callAs, { name, serverName, fixture, users: loadedUsers })
        : { roomId: there.room_id, alias };
  }
  return { users: loadedUsers, rooms: loadedRooms };
}
