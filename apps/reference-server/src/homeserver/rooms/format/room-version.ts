import { MatrixError } from "@matrix-openapi/server";

/** How the versions of rooms that we make differ: https://spec.matrix.org/v1.19/rooms/ */
export interface RoomVersion {
  readonly id: "10" | "11" | "12";
  /** 10: who has created the room stands in the content as well. */
  readonly creatorInContent: boolean;
  /** 10: `redacts` stands beside the content of a redaction, not in it. */
  readonly redactsBesideContent: boolean;
  /** 10: what a redaction leaves is less of the content, and more of what is around it. */
  readonly redaction: "v9" | "v11";
  /** 12: the room's ID is the hash of its creation, whose creators have more power than any number. */
  readonly creatorsAboveAll: boolean;
}

const young = { creatorInContent: false, redactsBesideContent: false, redaction: "v11" } as const;

const roomVersions: readonly RoomVersion[] = [
  { id: "10", creatorInContent: true, redactsBesideContent: true, redaction: "v9", creatorsAboveAll: false },
  { id: "11", ...young, creatorsAboveAll: false },
  { id: "12", ...young, creatorsAboveAll: true },
];

/** What new rooms are. */
export const defaultRoomVersion = "12";

/** For the server's capabilities. */
export const availableRoomVersions: Readonly<Record<string, "stable">> = Object.fromEntries(
  roomVersions.map(({ id }) => [id, "stable"]),
);

export function findRoomVersion(id: string): RoomVersion | undefined {
  return roomVersions.find((version) => version.id === id);
}

/** The version a client has asked for. */
export function requestedRoomVersion(id: string = defaultRoomVersion): RoomVersion {
  const version = findRoomVersion(id);
  if (version !== undefined) return version;
  const known = roomVersions.map((one) => one.id).join(", ");
  throw new MatrixError(400, "M_UNSUPPORTED_ROOM_VERSION", `Rooms are made here in the versions ${known}, not ${id}.`);
}
