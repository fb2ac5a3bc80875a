import { error, ok } from "@matrix-openapi/server";
import { randomIdentifier } from "../../crypto/random.ts";
import { findAccount } from "../accounts/accounts.ts";
import type { Home, SomeHandlers } from "../home.ts";
import { findRoomEvent } from "../rooms/event.ts";
import { membershipOf } from "../rooms/memberships.ts";
import { findRoom } from "../rooms/rooms.ts";

/** What is reported. */
interface Reported {
  readonly roomId?: string;
  readonly eventId?: string;
  readonly userId?: string;
}

/** What users tell those who run the server; it waits in the database: https://spec.matrix.org/v1.19/client-server-api/#reporting-content */
export function reportHandlers(home: Home) {
  const { db, clock, random, log } = home;

  const keep = async (reporter: string, { roomId, eventId, userId }: Reported, reason = "") => {
    const report = {
      report_id: randomIdentifier(random, 18),
      reporter,
      reported_at: clock.now(),
      room_id: roomId ?? null,
      event_id: eventId ?? null,
      user_id: userId ?? null,
      reason,
    };
    await db.insertInto("hs_reports").values(report).execute();
    log.warn("something was reported", { report: report.report_id, reporter, roomId, eventId, userId });
    return ok({});
  };

  return {
    async reportRoom({ user, params, body }) {
      const { roomId } = params.path;
      if ((await findRoom(db, roomId)) === undefined) return error(404, "M_NOT_FOUND", "There is no such room here.");
      return keep(user.id, { roomId }, body.reason);
    },

    async reportEvent({ user, params, body }) {
      const { roomId, eventId } = params.path;
      const isMember = (await membershipOf(db, roomId, user.id))?.membership === "join";
      const event = isMember ? await findRoomEvent(db, roomId, eventId) : undefined;
      if (event === undefined || event.redactedBy !== undefined) {
        return error(404, "M_NOT_FOUND", "There is no such event in a room that you are in.");
      }
      return keep(user.id, { roomId, eventId }, body.reason);
    },

    async reportUser({ user, params, body }) {
      const { userId } = params.path;
      if ((await findAccount(db, userId)) === undefined)
        return error(404, "M_NOT_FOUND", "There is no such user here.");
      return keep(user.id, { userId }, body.reason);
    },
  } satisfies SomeHandlers;
}
