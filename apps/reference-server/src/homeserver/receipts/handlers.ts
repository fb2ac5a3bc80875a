import { error, ok } from "@matrix-openapi/server";
import { withTransaction } from "../../storage/database.ts";
import type { Home, SomeHandlers } from "../home.ts";
import { mustBeJoined } from "../rooms/memberships.ts";
import { setFullyRead } from "./fully-read.ts";
import { storeReceipt } from "./receipts.ts";
import { setTyping } from "./typing.ts";

/** What users let each other know while they read and write. */
export function receiptHandlers(home: Home) {
  const { db } = home;
  return {
    async postReceipt({ user, params, body }) {
      const { roomId, receiptType: type, eventId } = params.path;
      await mustBeJoined(db, roomId, user.id);
      const { thread_id: threadId } = body;
      if (type !== "m.fully_read") {
        const thread = threadId !== undefined && { threadId };
        await storeReceipt(home, { roomId, userId: user.id, type, eventId, ...thread });
        return ok({});
      }
      if (threadId !== undefined) {
        return error(400, "M_INVALID_PARAM", "The read marker is the room's: send m.fully_read without a thread_id.");
      }
      await setFullyRead(home, user.id, roomId, eventId);
      return ok({});
    },

    async setReadMarker({ user, params, body }) {
      const { roomId } = params.path;
      await mustBeJoined(db, roomId, user.id);
      await withTransaction(db, async () => {
        for (const type of ["m.read", "m.read.private"] as const) {
          const eventId = body[type];
          if (eventId !== undefined) await storeReceipt(home, { roomId, userId: user.id, type, eventId });
        }
        const fullyRead = body["m.fully_read"];
        if (fullyRead !== undefined) await setFullyRead(home, user.id, roomId, fullyRead);
      });
      return ok({});
    },

    async setTyping({ user, params, body }) {
      const { roomId, userId } = params.path;
      if (userId !== user.id) {
        return error(403, "M_FORBIDDEN", "Only you can say that you are typing: name yourself in the path.");
      }
      await mustBeJoined(db, roomId, user.id);
      await setTyping(home, roomId, userId, body);
      return ok({});
    },
  } satisfies SomeHandlers;
}
