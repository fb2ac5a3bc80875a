import { describe, expect, test } from "vitest";
import { openDatabase } from "../../storage/database.ts";
import type { Database } from "../../storage/database.ts";
import { databases } from "../../storage/fixtures/databases.ts";
import { createManualClock } from "../../process/clock.ts";
import { membersOf, membershipOf, roomsOf, shareRoom, usersSharingRooms } from "./memberships.ts";
import type { MembershipState } from "./memberships.ts";

describe.each(databases)("memberships in %s", (_name, create) => {
  async function withMembers(
    members: readonly (readonly [room: string, user: string, membership: MembershipState])[],
    look: (db: Database) => Promise<void>,
  ): Promise<void> {
    await using database = await create();
    const db = await openDatabase(database.location, createManualClock(0));
    try {
      for (const [index, [room_id, user_id, membership]] of members.entries()) {
        const row = { room_id, user_id, membership, event_id: `$${index}`, depth: index, sender: user_id };
        await db
          .insertInto("hs_memberships")
          .values({ ...row, forgotten: 0 })
          .execute();
      }
      await look(db);
    } finally {
      await db.destroy();
    }
  }

  test("are found by room and by user", () =>
    withMembers(
      [
        ["!b", "@bob:h", "join"],
        ["!b", "@alice:h", "join"],
        ["!a", "@alice:h", "invite"],
      ],
      async (db) => {
        expect(await membershipOf(db, "!a", "@alice:h")).toEqual({
          roomId: "!a",
          userId: "@alice:h",
          membership: "invite",
          eventId: "$2",
          depth: 2,
          sender: "@alice:h",
          forgotten: false,
        });
        expect(await membershipOf(db, "!a", "@bob:h")).toBeUndefined();
        expect((await roomsOf(db, "@alice:h")).map(({ roomId }) => roomId)).toEqual(["!a", "!b"]);
        expect((await roomsOf(db, "@alice:h", "join")).map(({ roomId }) => roomId)).toEqual(["!b"]);
        expect((await membersOf(db, "!b")).map(({ userId }) => userId)).toEqual(["@bob:h", "@alice:h"]);
        expect(await membersOf(db, "!b", "ban")).toEqual([]);
      },
    ));

  test("are shared by those only who both are joined", () =>
    withMembers(
      [
        ["!a", "@alice:h", "join"],
        ["!b", "@alice:h", "join"],
        ["!a", "@bob:h", "join"],
        ["!b", "@bob:h", "join"],
        ["!a", "@carol:h", "invite"],
        ["!b", "@carol:h", "leave"],
        ["!c", "@dora:h", "join"],
      ],
      async (db) => {
        expect(await shareRoom(db, "@alice:h", "@bob:h")).toBe(true);
        expect(await shareRoom(db, "@bob:h", "@alice:h")).toBe(true);
        expect(await shareRoom(db, "@alice:h", "@carol:h")).toBe(false);
        expect(await shareRoom(db, "@alice:h", "@dora:h")).toBe(false);
        expect(await usersSharingRooms(db, "@alice:h")).toEqual(["@bob:h"]);
        expect(await usersSharingRooms(db, "@dora:h")).toEqual([]);
      },
    ));
});
