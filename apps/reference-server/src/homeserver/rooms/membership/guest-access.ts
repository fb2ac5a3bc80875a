import type { AfterSend } from "../after-send.ts";

/** Guests leave a room that is closed to them: https://spec.matrix.org/v1.19/client-server-api/#guest-access */
export const showGuestsOut: AfterSend = async (home, event, send) => {
  const { roomId, type, stateKey, content } = event;
  if (type !== "m.room.guest_access" || stateKey !== "" || content["guest_access"] === "can_join") return;
  const guests = await home.db
    .selectFrom("hs_memberships as member")
    .innerJoin("hs_users as user", "user.user_id", "member.user_id")
    .select("user.user_id")
    .where("member.room_id", "=", roomId)
    .where("member.membership", "=", "join")
    .where("user.is_guest", "=", 1)
    .orderBy("member.depth")
    .execute();
  for (const { user_id: guest } of guests) {
    await send(home, {
      roomId,
      sender: guest,
      type: "m.room.member",
      stateKey: guest,
      content: { membership: "leave" },
    });
  }
};
