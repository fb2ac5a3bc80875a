import type { Inbox } from "../../inbox/inbox.ts";
import type { Database } from "../../storage/database.ts";
import { engineOf } from "../../storage/database.ts";
import { createMediaSnapshots } from "./media-snapshot.ts";
import type { RequestGate } from "./request-gate.ts";

declare const opaque: unique symbol;

/** All that the servers knew at one time: their database, uploaded files and the inbox. */
export interface Snapshot {
  readonly [opaque]: true;
}

export interface Snapshots {
  snapshot(): Promise<Snapshot>;
  /** As often as wanted. Clients find themselves back at that time; what is configured and the clock stay. */
  restore(snapshot: Snapshot): Promise<void>;
  /** Takes the kept files away. */
  close(): Promise<void>;
}

interface SnapshotOptions {
  readonly db: Database;
  readonly mediaFolder: string;
  readonly inbox: Inbox;
  readonly gate: RequestGate;
}

/** Snapshots of running servers, by which each test of many starts where the first one did. */
export function createSnapshots({ db, mediaFolder, inbox, gate }: SnapshotOptions): Snapshots {
  const media = createMediaSnapshots(mediaFolder);
  const restoring = new WeakMap<Snapshot, () => Promise<void>>();
  return {
    async snapshot() {
      const database = databaseSnapshots(db);
      const bytes = await database.take();
      const files = await media.take(); // each is there before its row
      const messages = inbox.messages();
      const snapshot = Object.freeze({}) as Snapshot; // what it stands for is nobody's business
      restoring.set(snapshot, async () => {
        await files.restore();
        await database.restore(bytes);
        inbox.replaceMessages(messages);
      });
      return snapshot;
    },
    async restore(snapshot) {
      const restore = restoring.get(snapshot);
      if (restore === undefined)
        throw new Error("this is no snapshot of this server; expected what its snapshot() gave");
      await gate.alone(restore);
    },
    close: media.close,
  };
}

function databaseSnapshots(db: Database) {
  const { snapshots } = engineOf(db);
  if (snapshots !== undefined) return snapshots;
  throw new Error(
    "PostgreSQL gives no snapshots; start with the database :memory:, or with a file, for tests that take them",
  );
}
