import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { GeneratedFiles } from "./generated-files.ts";
import { inUse, outputFolders, undoSwaps, workFolderPrefix } from "./leftovers.ts";
import { outputProblem, refuseForeignFiles, refuseUnwritable } from "./output-folder.ts";

/**
 * Replaces the generated folders whole: everything is written beside them first, and they change places at the end, so
 * that a failure or an interruption leaves what was there.
 */
export async function writeOutput(out: string, files: GeneratedFiles, signal?: AbortSignal): Promise<void> {
  await refuseUnwritable(out);
  for (const folder of outputFolders) await refuseForeignFiles(join(out, folder));
  try {
    await replace(out, files, signal);
  } catch (error) {
    signal?.throwIfAborted();
    throw outputProblem(out, error);
  }
}

async function replace(out: string, files: GeneratedFiles, signal: AbortSignal | undefined): Promise<void> {
  const work = await mkdtemp(join(out, workFolderPrefix));
  inUse.add(work);
  try {
    for (const [path, text] of files) {
      signal?.throwIfAborted();
      const file = join(work, "new", path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    signal?.throwIfAborted();
    await mkdir(join(work, "old")); // tells who finds this folder that the swap has begun
    for (const folder of outputFolders) {
      const target = join(out, folder);
      await mkdir(target, { recursive: true }); // so that there is always something to go back to
      await rename(target, join(work, "old", folder));
      await rename(join(work, "new", folder), target);
    }
  } finally {
    await undoSwaps(out, work);
    await rm(work, { recursive: true, force: true });
    inUse.delete(work);
  }
}
