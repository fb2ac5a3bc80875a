import { withTransaction } from "../../storage/database.ts";
import { appendToStream } from "../../storage/stream.ts";
import type { Home } from "../home.ts";
import { nextChange } from "./presence-state.ts";

const mostAtOnce = 500;

/** Tells of those who have become idle or gone, because nothing was heard of them. */
export async function sweepPresence({ db, clock }: Home): Promise<void> {
  const now = clock.now();
  const due = () => db.selectFrom("hs_presence").selectAll().where("changes_at", "<=", now).limit(mostAtOnce).execute();
  if ((await due()).length === 0) return;
  await withTransaction(db, async () => {
    for (const row of await due()) {
      const changes_at = nextChange(row, now);
      await db.updateTable("hs_presence").set({ changes_at }).where("user_id", "=", row.user_id).execute();
      appendToStream(db, { kind: "presence", userId: row.user_id });
    }
  });
}
