import type { CallAs } from "./call-as.ts";
import type { LoadedRoom, LoadedUser, MembershipFixture, RoomFixture } from "./fixtures.ts";

interface RoomToLoad {
  readonly name: string;
  readonly serverName: string;
  readonly fixture: RoomFixture;
  readonly users: { readonly [localpart: string]: LoadedUser };
}

/** Makes a room as its members would: it is created, joined and talked in, and then those leave who are not to stay. */
export async function createFixtureRoom(
  callAs: CallAs,
  { name, serverName, fixture, users }: RoomToLoad,
): Promise<LoadedRoom> {
  const { members = {}, messages = [] } = fixture;
  const userNamed = (localpart: string): LoadedUser => {
    const user = users[localpart];
    if (user === undefined) throw new Error(`expected that ${localpart} has been found to be a user`);
    return user;
  };
  const creatorName = fixture.creator ?? Object.keys(users)[0] ?? "";
  const creator = userNamed(creatorName);
  const { room_id: roomId = "" } = await callAs(creator.accessToken, "POST", "/createRoom", creationOf(name, fixture));
  const path = `/rooms/${encodeURIComponent(roomId)}`;
  const invite = (user: LoadedUser) => callAs(creator.accessToken, "POST", `${path}/invite`, { user_id: user.userId });

  const speakers = new Set(messages.map(({ from = creatorName }) => from));
  for (const [localpart, membership] of Object.entries(members)) {
    const user = userNamed(localpart);
    if (localpart === creatorName || (membership !== "join" && membership !== "leave" && !speakers.has(localpart)))
      continue;
    if (fixture.preset !== "public_chat") await invite(user);
    await callAs(user.accessToken, "POST", `${path}/join`, {});
  }
  for (const [index, { from = creatorName, text, type = "m.room.message", content }] of messages.entries()) {
    const body = content ?? { msgtype: "m.text", body: text };
    await callAs(userNamed(from).accessToken, "PUT", `${path}/send/${encodeURIComponent(type)}/fixture${index}`, body);
  }
  const end: Readonly<Record<MembershipFixture, (user: LoadedUser, hasJoined: boolean) => Promise<unknown>>> = {
    join: async () => {},
    invite: async (user, hasJoined) => {
      if (hasJoined) await callAs(user.accessToken, "POST", `${path}/leave`, {});
      await invite(user);
    },
    leave: (user) => callAs(user.accessToken, "POST", `${path}/leave`, {}),
    ban: (user) => callAs(creator.accessToken, "POST", `${path}/ban`, { user_id: user.userId }),
    knock: async (user, hasJoined) => {
      if (hasJoined) await callAs(user.accessToken, "POST", `${path}/leave`, {});
      await callAs(user.accessToken, "POST", `/knock/${encodeURIComponent(roomId)}`, {});
    },
  };
  for (const [localpart, membership] of Object.entries(members)) {
    await end[membership](userNamed(localpart), speakers.has(localpart));
  }
  return { roomId, alias: `#${name}:${serverName}` };
}

function creationOf(
  alias: string,
  { name, topic, preset = "private_chat", version, encrypted, state = [] }: RoomFixture,
) {
  const encryption = { type: "m.room.encryption", content: { algorithm: "m.megolm.v1.aes-sha2" } };
  return {
    room_alias_name: alias,
    preset,
    visibility: preset === "public_chat" ? "public" : "private",
    ...(name !== undefined && { name }),
    ...(topic !== undefined && { topic }),
    ...(version !== undefined && { room_version: version }),
    initial_state: [
      ...(encrypted === true ? [encryption] : []),
      ...state.map(({ type, stateKey = "", content }) => ({ type, state_key: stateKey, content })),
    ],
  };
}
