import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { systemClock } from "../process/clock.ts";
import { openDatabase } from "./database.ts";
import { locationForProcess } from "./fixtures/databases.ts";

/** Registers `whole` in one transaction, then half of `half` in another, says so, and never commits. */
const registration = `
import { openDatabase, withTransaction } from ${JSON.stringify(new URL("database.ts", import.meta.url).href)};
const db = await openDatabase(process.argv[1], { now: () => 1 });
const user = (name) => ({ user_id: "@" + name + ":localhost", localpart: name, password_hash: null, is_guest: 0, display_name: null, created_at: 1, deactivated_at: null });
const device = (name) => ({ user_id: "@" + name + ":localhost", device_id: "D", display_name: null, created_at: 1, last_seen_at: null, last_seen_ip: null });
await withTransaction(db, async () => {
  await db.insertInto("hs_users").values(user("whole")).execute();
  await db.insertInto("hs_devices").values(device("whole")).execute();
});
await withTransaction(db, async () => {
  await db.insertInto("hs_users").values(user("half")).execute();
  process.stdout.write("in the middle");
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});
`;

test("kill -9 in the middle of a transaction: what was committed is there whole, the rest not at all", async () => {
  const folder = mkdtempSync(join(tmpdir(), "reference-server-"));
  const file = join(folder, "server.db");
  const child = spawn(
    process.execPath,
    [
      "--conditions=matrix-openapi-source",
      "--input-type=module",
      "--eval",
      registration,
      "--",
      await locationForProcess(file),
    ],
    { stdio: ["ignore", "pipe", "inherit"], cwd: fileURLToPath(new URL(".", import.meta.url)) },
  );
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "exit");

  const db = await openDatabase(file, systemClock);
  expect(await db.selectFrom("hs_users").select("localpart").execute()).toEqual([{ localpart: "whole" }]);
  expect(await db.selectFrom("hs_devices").select("user_id").execute()).toEqual([{ user_id: "@whole:localhost" }]);
  await db.destroy();
  rmSync(folder, { recursive: true });
});
