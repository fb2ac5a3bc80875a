import type { Database } from "../../storage/database.ts";

/**
 * The notifications of a user: those for all, but for what the user has sent or is told otherwise, and those for the
 * user alone. Deeper than the user's joining of the room, or, for the unread, than what is read without regard to
 * threads.
 */
function told(db: Database, userId: string, deeperThan: "joined_depth" | "read_depth") {
  return db
    .selectFrom("hs_room_notifications as shared")
    .innerJoin("hs_notified_members as member", "member.room_id", "shared.room_id")
    .select([
      "shared.room_id",
      "shared.depth",
      "shared.event_id",
      "shared.thread_id",
      "shared.ts",
      "shared.highlight",
      "shared.actions",
      "member.read_depth",
    ])
    .where("member.user_id", "=", userId)
    .where("shared.sender", "!=", userId)
    .whereRef("shared.depth", ">", `member.${deeperThan}`)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("hs_user_notifications as own")
            .select("own.depth")
            .where("own.user_id", "=", userId)
            .whereRef("own.room_id", "=", "shared.room_id")
            .whereRef("own.depth", "=", "shared.depth"),
        ),
      ),
    )
    .unionAll((or) =>
      or
        .selectFrom("hs_user_notifications as own")
        .leftJoin("hs_notified_members as member", (join) =>
          join.onRef("member.room_id", "=", "own.room_id").onRef("member.user_id", "=", "own.user_id"),
        )
        .select((select) => [
          "own.room_id",
          "own.depth",
          "own.event_id",
          "own.thread_id",
          "own.ts",
          "own.highlight",
          "own.actions",
          select.fn.coalesce("member.read_depth", select.val(0)).as("read_depth"),
        ])
        .where("own.user_id", "=", userId)
        .where("own.notify", "=", 1)
        .where((is) => is(is.fn.coalesce(`member.${deeperThan}`, is.val(0)), "<", is.ref("own.depth"))),
    );
}

/** Those of them that are read neither with the whole room nor with their thread. */
export function unread(db: Database, userId: string) {
  return toldInThreads(db, userId, "read_depth").where((is) =>
    is(is.fn.coalesce("thread.read_depth", is.val(0)), "<", is.ref("one.depth")),
  );
}

/** Each as `one`, beside what is read of its `thread`. */
export function toldInThreads(db: Database, userId: string, deeperThan: "joined_depth" | "read_depth") {
  return db
    .selectFrom(told(db, userId, deeperThan).as("one"))
    .leftJoin("hs_thread_reads as thread", (join) =>
      join
        .onRef("thread.room_id", "=", "one.room_id")
        .onRef("thread.thread_id", "=", "one.thread_id")
        .on("thread.user_id", "=", userId),
    );
}
