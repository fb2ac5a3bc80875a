import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

export interface Place {
  readonly file: string;
  readonly line: number;
  /** What the pattern's group of this name has matched. */
  readonly found: string;
}

/** The lines of a description's files that match; the bundle no longer knows where something was written. */
export async function placesOf(folder: string, pattern: RegExp): Promise<Place[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name));
  const places: Place[] = [];
  for (const file of files.map(({ parentPath, name }) => join(parentPath, name)).toSorted()) {
    const lines = (await readFile(file, "utf8")).split("\n");
    lines.forEach((text, index) => {
      const found = pattern.exec(text)?.groups?.["found"];
      if (found !== undefined) places.push({ file, line: index + 1, found });
    });
  }
  return places;
}
