import { expect, test } from "vitest";
import { systemClock } from "../process/clock.ts";
import { compiledQuery } from "./compiled-query.ts";
import { openDatabase, withTransaction } from "./database.ts";
import { databases } from "./fixtures/databases.ts";

test.each(databases)("a query is built once, and each call has values of its own: %s", async (_name, create) => {
  await using empty = await create();
  const db = await openDatabase(empty.location, systemClock);
  let built = 0;
  const add = compiledQuery((handle, row: { bucket: string; used: number; window_started_at: number }) => {
    built += 1;
    return handle.insertInto("hs_rate_limits").values(row);
  });
  const find = compiledQuery((handle, { used }: { readonly used: number }) =>
    handle.selectFrom("hs_rate_limits").select("bucket").where("window_started_at", "=", 7).where("used", "=", used),
  );
  try {
    await add(db, { bucket: "one", used: 1, window_started_at: 7 });
    await expect(
      withTransaction(db, async () => {
        await add(db, { bucket: "rolled back", used: 2, window_started_at: 7 });
        expect(await find(db, { used: 2 })).toEqual([{ bucket: "rolled back" }]);
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    await add(db, { bucket: "two", used: 2, window_started_at: 7 });
    await add(db, { bucket: "another time", used: 2, window_started_at: 8 });
    expect(await find(db, { used: 1 })).toEqual([{ bucket: "one" }]);
    expect(await find(db, { used: 2 })).toEqual([{ bucket: "two" }]);
    expect(built).toBe(1);
  } finally {
    await db.destroy();
  }
});
