import { createMemoryUiaStore } from "@matrix-openapi/server";
import type { UiaSession, UiaSessionStore } from "@matrix-openapi/server";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createSeededRandom } from "../../crypto/random.ts";
import { systemClock } from "../../process/clock.ts";
import { openDatabase } from "../../storage/database.ts";
import type { Database } from "../../storage/database.ts";
import { createUiaStore } from "./session-store.ts";

const session: UiaSession = {
  id: "the-session-id",
  revision: 1,
  operationId: "register",
  target: "{}",
  userId: null,
  bodyDigest: "digest",
  flows: [{ stages: ["m.login.dummy"] }],
  params: { "m.login.terms": { policies: {} } },
  completed: [{ type: "m.login.dummy", evidence: { address: "alice@example.org" }, userId: null }],
  failures: 0,
  state: "open",
  rebindable: false,
  leaseEnd: null,
  result: null,
  createdAt: 1000,
  usedAt: 1000,
};

let db: Database;
let store: UiaSessionStore;

beforeEach(async () => {
  db = await openDatabase(":memory:", systemClock);
  store = createUiaStore({ db, random: createSeededRandom("sessions") });
});

afterEach(() => db.destroy());

/** The store of the stubs themselves obeys the same rules, which shows that these are the interface's. */
describe.each([
  ["in the database", () => store],
  ["in memory", () => createMemoryUiaStore()],
])("%s", (_name, create) => {
  test("a session comes back as it was", async () => {
    const kept = create();
    await kept.create(session);
    expect(await kept.get(session.id)).toEqual(session);
    expect(await kept.get("another")).toBeUndefined();
  });

  test("of any number of simultaneous updates to one revision one wins", async () => {
    const kept = create();
    await kept.create(session);
    const updates = Array.from({ length: 50 }, (_, failures) => kept.update({ ...session, revision: 2, failures }));
    const won = await Promise.all(updates);
    expect(won.filter(Boolean)).toHaveLength(1);
    expect((await kept.get(session.id))?.failures).toBe(won.indexOf(true));
    expect(await kept.update({ ...session, revision: 2 })).toBe(false);
    expect(await kept.update({ ...session, id: "another", revision: 2 })).toBe(false);
  });

  test("prune removes what is idle, old, or done and told", async () => {
    const kept = create();
    const limits = { usedBefore: 100, createdBefore: 50, doneBefore: 200 };
    const cases: readonly (readonly [string, Partial<UiaSession>, boolean])[] = [
      ["in use", { createdAt: 50, usedAt: 100 }, true],
      ["idle", { createdAt: 50, usedAt: 99 }, false],
      ["old", { createdAt: 49, usedAt: 100 }, false],
      ["done", { createdAt: 50, usedAt: 200, state: "done" }, true],
      ["told", { createdAt: 50, usedAt: 199, state: "done" }, false],
    ];
    for (const [id, fields] of cases) await kept.create({ ...session, ...fields, id });
    await kept.prune(limits);
    const left = await Promise.all(cases.map(async ([id]) => (await kept.get(id)) !== undefined));
    expect(left).toEqual(cases.map(([, , stays]) => stays));
  });
});

test("a transaction that fails takes the update with it", async () => {
  await store.create(session);
  const work = store.transaction(async (tx) => {
    expect(await store.update({ ...session, revision: 2, state: "done" }, tx)).toBe(true);
    throw new Error("no");
  });
  await expect(work).rejects.toThrow("no");
  expect((await store.get(session.id))?.state).toBe("open");
});

test("the row gives away neither the ID nor what is in the session", async () => {
  const secret = "mat_the-access-token";
  await store.create({ ...session, result: { status: 200, body: { access_token: secret }, headers: {} } });
  const row = JSON.stringify(await db.selectFrom("hs_uia_sessions").selectAll().executeTakeFirstOrThrow());
  for (const text of [session.id, secret, "alice@example.org", "m.login.dummy"]) expect(row).not.toContain(text);
});
