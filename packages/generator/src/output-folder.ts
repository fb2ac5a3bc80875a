import type { Dirent } from "node:fs";
import { access, constants, mkdir, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { generatedMark } from "./banner.ts";
import { GenerationError } from "./generation-error.ts";

/** Finds out before the work, and not after it. */
export async function refuseUnwritable(out: string): Promise<void> {
  try {
    await mkdir(out, { recursive: true });
    await access(out, constants.W_OK);
  } catch (error) {
    throw outputProblem(out, error);
  }
}

/** What the file system has against writing there, and what may help. */
export function outputProblem(out: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException; // file system errors carry a code
  if (code === undefined || error instanceof GenerationError) return error;
  if (code === "EEXIST" || code === "ENOTDIR")
    return new GenerationError([
      {
        file: out,
        message: `a file is where the output folder, or one around it, would be (${code}).`,
        hint: "Give a folder with --out; it is made if it is not there.",
      },
    ]);
  const hint = hints[code] ?? "Correct that, or give another folder with --out.";
  return new GenerationError([{ file: out, message: `the output cannot be written there: ${message}.`, hint }]);
}

const permissions = "Change its permissions, or give another folder with --out.";
const room = "Make room on that disk, or give a folder on another one with --out.";
const hints: Readonly<Record<string, string>> = {
  EACCES: permissions,
  EPERM: permissions,
  EROFS: permissions,
  ENOSPC: room,
  EDQUOT: room,
};

/** Somebody's own `src` must not vanish because this command was run in the wrong place. */
export async function refuseForeignFiles(folder: string): Promise<void> {
  for (const entry of await entriesOf(folder)) {
    if (entry.isDirectory()) continue;
    const file = join(entry.parentPath, entry.name);
    // Only files are opened: of a pipe the reading would not end.
    if (entry.isFile() && (await isGenerated(file))) continue;
    throw new GenerationError([
      {
        file,
        message: `was not made by this command, and its folder ${folder} would be replaced.`,
        hint: "Move it elsewhere, or give another folder with --out.",
      },
    ]);
  }
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException; // file system errors carry a code
    if (code === "ENOENT") return [];
    throw new GenerationError([
      {
        file: folder,
        message: `cannot be replaced, because it cannot be read as a folder (${code}).`,
        hint: "Move it elsewhere, or give another folder with --out.",
      },
    ]);
  }
}

async function isGenerated(file: string): Promise<boolean> {
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0);
  return buffer.toString("utf8", 0, bytesRead).includes(generatedMark);
}
