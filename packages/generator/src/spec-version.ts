import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { OpenApiDocument } from "./document.ts";
import { GenerationError } from "./generation-error.ts";

/** One file beside the API folders pins the release for all of them; without it each API's own version counts. */
export async function readSpecVersion(root: string, document: OpenApiDocument): Promise<string> {
  const file = join(dirname(root), "..", "SPEC_VERSION");
  if (!existsSync(file)) return document.info.version;
  const written = (await readFile(file, "utf8")).trim();
  if (/^v?\d+\.\d+$/.test(written)) return written;
  const found = written === "" ? "is empty" : `says ${JSON.stringify(written)}`;
  const message = `${found}, and has to be a release of the specification.`;
  throw new GenerationError([{ file, line: 1, message, hint: "Write it as v1.19, or take the file away." }]);
}
