import { compiledQuery } from "../../storage/compiled-query.ts";
import type { Database } from "../../storage/database.ts";
import { withTransaction } from "../../storage/database.ts";
import { appendToStream } from "../../storage/stream.ts";
import type { HandlerContext, Home } from "../home.ts";

const longest = 120_000;
const usual = 30_000;

type Typing = HandlerContext<"setTyping">["body"];

/** https://spec.matrix.org/v1.19/client-server-api/#typing-notifications */
export async function setTyping({ db, clock }: Home, roomId: string, userId: string, wanted: Typing): Promise<void> {
  const { typing: isTyping, timeout = usual } = wanted;
  await withTransaction(db, async () => {
    const was = await db
      .deleteFrom("hs_typing")
      .where("room_id", "=", roomId)
      .where("user_id", "=", userId)
      .returning("expires_at")
      .executeTakeFirst();
    const wasTyping = was !== undefined && was.expires_at > clock.now();
    if (isTyping) {
      const expires = clock.now() + Math.min(timeout, longest);
      await db.insertInto("hs_typing").values({ room_id: roomId, user_id: userId, expires_at: expires }).execute();
    }
    if (wasTyping !== isTyping || (was !== undefined && !wasTyping)) {
      appendToStream(db, { kind: "typing", roomId, userId });
    }
  });
}

/** Whoever's time is over has ceased to type, and everyone hears of it. Answers when that will be next. */
export async function expireTyping({ db, clock }: Home): Promise<number | undefined> {
  const next = await sharedExpiry(db);
  if (next === undefined || next > clock.now()) return next;
  await withTransaction(db, async () => {
    const expired = await db
      .deleteFrom("hs_typing")
      .where("expires_at", "<=", clock.now())
      .returning(["room_id", "user_id"])
      .execute();
    for (const { room_id: roomId, user_id: userId } of expired) appendToStream(db, { kind: "typing", roomId, userId });
  });
  return nextExpiry(db);
}

const reading = new WeakMap<Database, Promise<number | undefined>>();

/** One read for all who ask at once; whoever begins to type afterwards wakes them again. */
function sharedExpiry(db: Database): Promise<number | undefined> {
  const running = reading.get(db);
  if (running !== undefined) return running;
  const expiry = nextExpiry(db).finally(() => reading.delete(db));
  reading.set(db, expiry);
  return expiry;
}

async function nextExpiry(db: Database): Promise<number | undefined> {
  const [next] = await selectNextExpiry(db, {});
  return next?.expires_at;
}

const selectNextExpiry = compiledQuery((db) =>
  db.selectFrom("hs_typing").select("expires_at").orderBy("expires_at").limit(1),
);

/** In the order of their IDs. */
export async function typingUsers({ db, clock }: Home, roomId: string): Promise<string[]> {
  const rows = await db
    .selectFrom("hs_typing")
    .select("user_id")
    .where("room_id", "=", roomId)
    .where("expires_at", ">", clock.now())
    .orderBy("user_id")
    .execute();
  return rows.map((row) => row.user_id);
}
