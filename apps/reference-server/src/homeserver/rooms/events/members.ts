import type { components } from "@matrix-openapi/definitions/client-server";
import type { Database } from "../../../storage/database.ts";
import type { HandlerContext } from "../../home.ts";
import { depthAtPosition, readToken } from "../../timeline/tokens.ts";
import { mustSee } from "../access.ts";
import { toRoomEvent } from "../event.ts";
import type { RoomEvent } from "../event.ts";
import { mustBeJoined } from "../memberships.ts";
import { stateAt } from "../state.ts";

/** Of a user who has left, at that time. https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidmembers */
export async function memberEvents(
  db: Database,
  roomId: string,
  userId: string,
  { at, membership, not_membership: notMembership }: HandlerContext<"getMembersByRoom">["params"]["query"],
): Promise<RoomEvent[]> {
  const visible = await mustSee(db, roomId, userId);
  const depth = at === undefined ? visible : Math.min(visible, await depthAtPosition(db, roomId, readToken(at)));
  const events = await stateAt(db, roomId, depth, { type: "m.room.member" });
  const isWanted = (given: unknown) =>
    membership === undefined
      ? notMembership === undefined || given !== notMembership
      : given === membership || (notMembership !== undefined && given !== notMembership);
  return events.filter(({ content }) => isWanted(content["membership"]));
}

type JoinedMember = components["schemas"]["JoinedMember"];

/** For those who are in the room only: https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidjoined_members */
export async function joinedMembers(
  db: Database,
  roomId: string,
  userId: string,
): Promise<{ [userId: string]: JoinedMember }> {
  await mustBeJoined(db, roomId, userId);
  const rows = await db
    .selectFrom("hs_memberships as member")
    .innerJoin("hs_events as event", "event.event_id", "member.event_id")
    .selectAll("event")
    .where("member.room_id", "=", roomId)
    .where("member.membership", "=", "join")
    .orderBy("member.depth")
    .execute();
  return Object.fromEntries(
    rows.map((row) => {
      const { stateKey, content } = toRoomEvent(row);
      const { displayname: name, avatar_url: avatar } = content;
      return [
        stateKey,
        {
          ...(typeof name === "string" && { display_name: name }),
          ...(typeof avatar === "string" && avatar.startsWith("mxc://") && { avatar_url: avatar }),
        },
      ];
    }),
  );
}
