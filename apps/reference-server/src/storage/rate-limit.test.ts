import { expect, test } from "vitest";
import { createManualClock } from "../process/clock.ts";
import { openDatabase } from "./database.ts";
import { consumeRateLimit, pruneRateLimits } from "./rate-limit.ts";

const limit = { requests: 2, perMs: 1000 };
const use = { table: "hs_rate_limits", bucket: "login:@alice:localhost", limit } as const;

test("so many in a window, per bucket and per server; then until the window ends", async () => {
  const clock = createManualClock(5200);
  await using db = await openDatabase(":memory:", clock);
  expect(await consumeRateLimit(db, clock, use)).toEqual({ allowed: true });
  expect(await consumeRateLimit(db, clock, use)).toEqual({ allowed: true });
  expect(await consumeRateLimit(db, clock, use)).toEqual({ allowed: false, retryAfterMs: 800 });
  expect(await consumeRateLimit(db, clock, { ...use, bucket: "login:@bob:localhost" })).toEqual({ allowed: true });
  expect(await consumeRateLimit(db, clock, { ...use, table: "is_rate_limits" })).toEqual({ allowed: true });
  clock.advance(800);
  expect(await consumeRateLimit(db, clock, use)).toEqual({ allowed: true });
});

test("asking costs nothing and says whether one more is allowed", async () => {
  const clock = createManualClock(5000);
  await using db = await openDatabase(":memory:", clock);
  const ask = () => consumeRateLimit(db, clock, { ...use, cost: 0 });
  expect(await ask()).toEqual({ allowed: true });
  await consumeRateLimit(db, clock, use);
  expect(await ask()).toEqual({ allowed: true });
  await consumeRateLimit(db, clock, use);
  expect(await ask()).toEqual({ allowed: false, retryAfterMs: 1000 });
});

test("false is off, and leaves no rows; old windows are forgotten", async () => {
  const clock = createManualClock(5000);
  await using db = await openDatabase(":memory:", clock);
  for (let i = 0; i < 5; i++)
    expect(await consumeRateLimit(db, clock, { ...use, limit: false })).toEqual({ allowed: true });
  expect(await db.selectFrom("hs_rate_limits").selectAll().execute()).toEqual([]);
  await consumeRateLimit(db, clock, use);
  clock.advance(25 * 3600 * 1000);
  await pruneRateLimits(db, clock, "hs_rate_limits");
  expect(await db.selectFrom("hs_rate_limits").selectAll().execute()).toEqual([]);
});
