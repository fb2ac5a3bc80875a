import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Report } from "@matrix-openapi/contract";

const cli = fileURLToPath(import.meta.resolve("@matrix-openapi/contract/cli"));

/** Runs `matrix-contract run` as anybody would, in a process of its own, and returns its report. */
export async function matrixContract(homeserver: string, options: Readonly<Record<string, string>>): Promise<Report> {
  const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const parameters = ["--conditions=matrix-openapi-source", cli, "run", homeserver, ...given, "--json"];
  const process_ = spawn(process.execPath, parameters, { stdio: ["ignore", "pipe", "inherit"] });
  const chunks: Buffer[] = [];
  process_.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number | null>((resolve) => process_.on("close", resolve));
  // 1 tells of violations, which is what the report is about.
  if (code !== 0 && code !== 1) throw new Error(`matrix-contract ended with ${code}; it has said why above`);
  return JSON.parse(Buffer.concat(chunks).toString()) as Report; // its documented output
}
