import type { Dirent } from "node:fs";
import { access, constants, mkdir, mkdtemp, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { generatedMark } from "./banner.ts";
import type { GeneratedFiles } from "./generated-files.ts";
import { GenerationError } from "./generation-error.ts";

const folders = ["openapi", "src"] as const;

/** Replaces the generated folders whole: everything is written beside them first, so that a failure leaves what was there. */
export async function writeOutput(out: string, files: GeneratedFiles): Promise<void> {
  await refuseUnwritable(out);
  for (const folder of folders) await refuseForeignFiles(join(out, folder));

  const temporary = await mkdtemp(join(out, ".generating-"));
  try {
    for (const [path, text] of files) {
      const file = join(temporary, "new", path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    await mkdir(join(temporary, "old"));
    for (const folder of folders)
      await swap(join(temporary, "new", folder), join(out, folder), join(temporary, "old", folder));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function refuseUnwritable(out: string): Promise<void> {
  try {
    await mkdir(out, { recursive: true });
    await access(out, constants.W_OK);
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException; // file system errors carry a code
    throw new GenerationError([
      {
        file: out,
        message: `the output folder cannot be written to (${code}).`,
        hint: "Change its permissions, or give another folder with --out.",
      },
    ]);
  }
}

/** Somebody's own `src` must not vanish because this command was run in the wrong place. */
async function refuseForeignFiles(folder: string): Promise<void> {
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

async function swap(fresh: string, target: string, aside: string): Promise<void> {
  const moved = await rename(target, aside).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
  try {
    await rename(fresh, target);
  } catch (error) {
    if (moved) await rename(aside, target);
    throw error;
  }
}
