import { existsSync } from "node:fs";
import { readdir, rename, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { outputProblem } from "./output-folder.ts";

/** The folders of the output that are replaced whole, in this order. */
export const outputFolders = ["openapi", "src"] as const;

/** Begins the name of the folder in which the next output is written: `new` inside is to come, `old` what it replaces. */
export const workFolderPrefix = `.generating-${process.pid}-`;

/** The folders that this process is writing in. */
export const inUse = new Set<string>();

/** Removes what a run that was killed has left, after putting back what it had set aside. */
export async function clearLeftovers(out: string): Promise<void> {
  const names = await readdir(out).catch(() => []); // a folder that is not there has none
  try {
    for (const name of names) {
      const found = /^\.generating-(?:(?<pid>\d+)-)?\w{6}$/.exec(name);
      const work = join(out, name);
      if (found === null || inUse.has(work) || isRunning(Number(found.groups?.["pid"] ?? 0))) continue;
      await undoSwaps(out, work);
      await rm(work, { recursive: true, force: true });
    }
  } catch (error) {
    throw outputProblem(out, error);
  }
}

/** Puts the old folders back, unless all of the new ones have taken their places: never some of these and some of those. */
export async function undoSwaps(out: string, work: string): Promise<void> {
  const waiting = outputFolders.filter((folder) => existsSync(join(work, "new", folder)));
  if (waiting.length === 0 && outputFolders.every((folder) => existsSync(join(out, folder)))) return;
  for (const folder of outputFolders) {
    const aside = join(work, "old", folder);
    const target = join(out, folder);
    if (!existsSync(aside)) continue;
    await rm(target, { recursive: true, force: true });
    await rename(aside, target);
    await rmdir(target).catch(() => undefined); // empty is what was not there before
  }
}

/** Another process of this number that is alive may be writing there right now. */
function isRunning(pid: number): boolean {
  if (pid === 0 || pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // somebody else's process
  }
}
