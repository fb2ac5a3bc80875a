/** Users and rooms that are there from the start; `fixtures.schema.json` describes each field for people and editors. */
export interface Fixtures {
  /** By the localpart of their user IDs. */
  readonly users?: { readonly [localpart: string]: UserFixture };
  /** By the localpart of their alias. */
  readonly rooms?: { readonly [name: string]: RoomFixture };
}

interface UserFixture {
  /** `<localpart>-password` unless given. */
  readonly password?: string;
  readonly displayName?: string;
  /** One of those who run the server. */
  readonly admin?: boolean;
  /** By device ID; one with the ID `FIXTURE` unless given. */
  readonly devices?: { readonly [deviceId: string]: DeviceFixture };
}

interface DeviceFixture {
  readonly displayName?: string;
  /** A new one at each start unless given. */
  readonly accessToken?: string;
}

export interface RoomFixture {
  /** The first user unless given. */
  readonly creator?: string;
  readonly name?: string;
  readonly topic?: string;
  /** `private_chat` unless given; `public_chat` is in the room directory. */
  readonly preset?: "private_chat" | "trusted_private_chat" | "public_chat";
  readonly version?: string;
  readonly encrypted?: boolean;
  readonly state?: readonly StateFixture[];
  /** What each other user is in the end; who sends a message has joined before. */
  readonly members?: { readonly [localpart: string]: MembershipFixture };
  readonly messages?: readonly MessageFixture[];
}

export type MembershipFixture = "join" | "invite" | "leave" | "ban" | "knock";

interface StateFixture {
  readonly type: string;
  readonly stateKey?: string;
  readonly content: { readonly [field: string]: unknown };
}

/** A text, or any event. */
interface MessageFixture {
  /** The room's creator unless given. */
  readonly from?: string;
  readonly text?: string;
  readonly type?: string;
  readonly content?: { readonly [field: string]: unknown };
}

/** A device that is logged in. */
export interface LoadedDevice {
  readonly deviceId: string;
  readonly accessToken: string;
}

/** A user with all that a client needs; `deviceId` and `accessToken` are those of the first device. */
export interface LoadedUser extends LoadedDevice {
  readonly userId: string;
  readonly password: string;
  readonly devices: { readonly [deviceId: string]: LoadedDevice };
}

export interface LoadedRoom {
  readonly roomId: string;
  readonly alias: string;
}

/** By their names in the fixtures; what a file has is known at run time only. */
export interface LoadedFixtures<Users extends string = string, Rooms extends string = string> {
  readonly users: { readonly [Name in Users]: LoadedUser };
  readonly rooms: { readonly [Name in Rooms]: LoadedRoom };
}
