import type { Selectable } from "kysely";
import { randomIdentifier } from "../../crypto/random.ts";
import { withTransaction } from "../../storage/database.ts";
import type { ApplicationServiceTable } from "../../storage/migrations/0018-outside-parties.ts";
import { streamPosition } from "../../storage/stream.ts";
import type { Home } from "../home.ts";

/** A transaction on its way: sent again as it is, with the same ID, until the service confirms it. */
export interface PendingTransaction {
  readonly transactionId: string;
  readonly body: string;
  readonly upTo: number;
}

/** How far a service has been told. */
export interface ServicePlace {
  readonly position: number;
  readonly pending: PendingTransaction | undefined;
  /** Before this, it is too early to try again. */
  readonly retryAt: number;
}

interface QueueOptions {
  readonly serviceId: string;
  /** Tells this process from all others. */
  readonly owner: string;
}

/**
 * What a service has still to be told, in the database: of several processes the one with the lease sends, and whoever
 * comes after it goes on where it was. https://spec.matrix.org/v1.19/application-service-api/#pushing-events
 */
export function serviceQueue({ db, clock, random, config }: Home, { serviceId, owner }: QueueOptions) {
  const own = () =>
    db.updateTable("hs_application_services").where("service_id", "=", serviceId).where("lease_owner", "=", owner);
  const noTransaction = { transaction_id: null, body: null, up_to: null, retry_at: null, failures: 0 };

  return {
    /** A new service hears of what happens from now on. */
    async begin(): Promise<void> {
      await withTransaction(db, async () => {
        await db
          .insertInto("hs_application_services")
          .values({
            service_id: serviceId,
            position: await streamPosition(db),
            ...noTransaction,
            lease_owner: null,
            lease_until: 0,
          })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      });
    },

    async look(): Promise<ServicePlace> {
      const row = await db
        .selectFrom("hs_application_services")
        .selectAll()
        .where("service_id", "=", serviceId)
        .executeTakeFirstOrThrow();
      return toPlace(row);
    },

    /** Undefined where another process sends. */
    async take(): Promise<ServicePlace | undefined> {
      const now = clock.now();
      const row = await db
        .updateTable("hs_application_services")
        .set({ lease_owner: owner, lease_until: now + 2 * config.outbound.timeoutMs + leaseMargin })
        .where("service_id", "=", serviceId)
        .where((is) => is.or([is("lease_owner", "=", owner), is("lease_until", "<=", now)]))
        .returningAll()
        .executeTakeFirst();
      return row && toPlace(row);
    },

    async keep(body: string, upTo: number): Promise<PendingTransaction> {
      // Random, because services remember IDs for longer than a database in memory lives.
      const transactionId = randomIdentifier(random, 20);
      await own().set({ transaction_id: transactionId, body, up_to: upTo }).execute();
      return { transactionId, body, upTo };
    },

    async confirm(upTo: number): Promise<void> {
      await own()
        .set({ ...noTransaction, position: upTo })
        .execute();
    },

    /** Twice as long to wait after each failure, up to five minutes. */
    async postpone(): Promise<void> {
      const { failures } = await own()
        .set((row) => ({ failures: row("failures", "+", 1) }))
        .returning("failures")
        .executeTakeFirstOrThrow();
      await own()
        .set({ retry_at: clock.now() + Math.min(1000 * 2 ** (failures - 1), 300_000) })
        .execute();
    },

    async release(): Promise<void> {
      await own().set({ lease_owner: null, lease_until: 0 }).execute();
    },
  };
}

const leaseMargin = 10_000;

function toPlace(row: Selectable<ApplicationServiceTable>): ServicePlace {
  const { position, transaction_id: transactionId, body, up_to: upTo, retry_at: retryAt } = row;
  const isPending = transactionId !== null && body !== null && upTo !== null;
  return { position, pending: isPending ? { transactionId, body, upTo } : undefined, retryAt: retryAt ?? 0 };
}
