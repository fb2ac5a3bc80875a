import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const subjects = fileURLToPath(new URL("../.subjects/", import.meta.url));

/**
 * The folder of programs of a Python environment with just these requirements; made once, and again where they change.
 */
export async function pythonEnvironment(name: string, requirements: string): Promise<string> {
  const wanted = createHash("sha256")
    .update(await readFile(requirements))
    .digest("hex");
  const folder = join(subjects, name);
  const stamp = join(folder, "requirements.sha256");
  const programs = join(folder, process.platform === "win32" ? "Scripts" : "bin");
  if (existsSync(stamp) && (await readFile(stamp, "utf8")) === wanted) return programs;

  await rm(folder, { recursive: true, force: true });
  await mkdir(subjects, { recursive: true });
  await step("python3", ["-m", "venv", folder], "Install Python 3.10 or newer, with its module venv, as `python3`.");
  const install = ["install", "--quiet", "--disable-pip-version-check", "--requirement", requirements];
  await step(join(programs, "pip"), install, "The packages come from PyPI, which has to be reachable the first time.");
  await writeFile(stamp, wanted);
  return programs;
}

async function step(command: string, args: readonly string[], hint: string): Promise<void> {
  try {
    await run(command, args);
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string }; // what execFile rejects with
    const found = code === "ENOENT" ? "there is no such program" : (stderr?.trim() ?? String(error));
    throw new Error(`\`${command} ${args.join(" ")}\` did not work: ${found}\n${hint}`, { cause: error });
  }
}
