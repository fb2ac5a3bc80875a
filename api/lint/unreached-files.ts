import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parse } from "yaml";

/**
 * The YAML files below `api` that neither description leads to: nobody would lint them, and nobody would miss them.
 * `common-errors.yaml` and the challenge of user-interactive auth name codes without references: those lead to their
 * files in `shared/errors` too.
 */
export function unreachedFiles(api: string): string[] {
  const files = folders.flatMap((folder) => yamlFilesIn(join(api, folder)));
  const roots = files.filter((file) => /\/(openapi|common-errors)\.yaml$/.test(file));
  const reached = new Set(roots);
  // A set that grows while it is walked: each file is read once, after it was first mentioned.
  for (const file of reached) {
    if (!files.includes(file)) continue;
    for (const target of mentions(parse(readFileSync(file, "utf8")))) reached.add(locate(target, file, api));
  }
  return files.filter((file) => !reached.has(file)).map((file) => relative(api, file));
}

const folders = ["client-server", "identity", "shared", "events"];
const errcode = /^M_[A-Z0-9_]+$/;

function yamlFilesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return paths.filter((path) => path.endsWith(".yaml")).map((path) => join(folder, path));
}

function locate(target: string, from: string, api: string): string {
  if (errcode.test(target)) return join(api, "shared", "errors", `${target}.yaml`);
  return join(dirname(from), target);
}

/** The files that `$ref`s name, and the codes that anything else names. */
function* mentions(node: unknown): Generator<string> {
  if (typeof node !== "object" || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (typeof value !== "string") yield* mentions(value);
    else if (key === "$ref" || errcode.test(value)) yield value;
  }
}
