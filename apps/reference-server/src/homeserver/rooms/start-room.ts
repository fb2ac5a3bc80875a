import { MatrixError } from "@matrix-openapi/server";
import { randomText } from "../../crypto/random.ts";
import type { JsonObject } from "../../json.ts";
import type { Home } from "../home.ts";
import { hooks } from "./after-send.ts";
import { authorise } from "./authorisation/authorise.ts";
import type { RoomVersion } from "./format/room-version.ts";
import { signEvent } from "./format/sign-event.ts";
import { setMembership } from "./membership/set-membership.ts";
import { sendEvent } from "./send-event.ts";
import { storeEvent } from "./store-event.ts";

interface RoomStart {
  readonly version: RoomVersion;
  readonly creator: string;
  /** Of the creation, without what the server adds. */
  readonly content: JsonObject;
  readonly isPublic: boolean;
}

/** As much of a room as there is at once. */
export type NewRoom = Pick<RoomStart, "version" | "creator"> & { readonly roomId: string };

/** A room with its creator in it, inside of a transaction. https://spec.matrix.org/v1.19/client-server-api/#mroomcreate */
export async function startRoom(home: Home, { version, creator, content, isPublic }: RoomStart): Promise<NewRoom> {
  const now = await timeOfNewRoom(home, creator);
  const create = {
    type: "m.room.create",
    sender: creator,
    content: { ...content, room_version: version.id, ...(version.creatorInContent && { creator }) },
  };
  const refusal = authorise({ ...create, stateKey: "" }, { version, justCreated: false, events: [] });
  if (refusal !== null) throw new MatrixError(400, "M_BAD_JSON", `The room cannot be created: ${refusal}.`);
  const givenId = version.creatorsAboveAll ? undefined : randomRoomId(home);
  const { eventId, json } = signEvent(
    home,
    {
      ...create,
      state_key: "",
      depth: 1,
      origin_server_ts: now,
      prev_events: [],
      auth_events: [],
      ...(givenId !== undefined && { room_id: givenId }),
    },
    version,
  );
  const roomId = givenId ?? `!${eventId.slice(1)}`;
  await home.db
    .insertInto("hs_rooms")
    .values({
      room_id: roomId,
      version: version.id,
      creator,
      created_at: now,
      depth: 1,
      last_event_id: eventId,
      joined_members: 0,
      is_public: isPublic ? 1 : 0,
    })
    .execute();
  const event = { eventId, roomId, depth: 1, stateKey: "", originServerTs: now, json, ...create };
  await storeEvent(home.db, event);
  for (const hook of hooks) await hook(home, event, sendEvent);
  await setMembership(home, { roomId, sender: creator, membership: "join" });
  return { roomId, version, creator };
}

/** A later one for each room of a creator, because the hash of the creation is the room's ID from version 12 on. */
async function timeOfNewRoom({ db, clock }: Home, creator: string): Promise<number> {
  const latest = await db
    .selectFrom("hs_rooms")
    .select("created_at")
    .where("creator", "=", creator)
    .orderBy("created_at", "desc")
    .limit(1)
    .executeTakeFirst();
  return Math.max(clock.now(), latest === undefined ? 0 : latest.created_at + 1);
}

function randomRoomId({ random, config }: Home): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  return `!${randomText(random, 18, letters)}:${config.serverName}`;
}
