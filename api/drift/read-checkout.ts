import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DriftError } from "./drift-error.ts";

/** The files of matrix-spec that facts come from: path from the root, with slashes, to text. */
export type Checkout = ReadonlyMap<string, string>;

/** Reads matrix-spec from a work tree, or from a tag of its repository without touching what is checked out. */
export function readCheckout(folder: string, tag?: string): Checkout {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new DriftError(`${folder} is not a folder.`, "Name a checkout of https://github.com/matrix-org/matrix-spec.");
  }
  const checkout = tag === undefined ? readWorkTree(folder) : readTag(folder, tag);
  for (const needed of ["data/api/client-server/", "data/api/identity/", "data/event-schemas/schema/"]) {
    if ([...checkout.keys()].some((path) => path.startsWith(needed))) continue;
    throw new DriftError(
      `${folder}${tag === undefined ? "" : ` at ${tag}`} has no ${needed}, so it is not matrix-spec as of v1.1 or later.`,
      tag === undefined && isRepository(folder)
        ? "Add --tag vX.Y: a repository without a work tree is read at a tag."
        : "Name a checkout of https://github.com/matrix-org/matrix-spec.",
    );
  }
  return checkout;
}

/** The folders that are read, and the file that says which release it is. */
const folders = ["data", "content", "config", "config.toml"];

function isWanted(path: string): boolean {
  return /\.(?:yaml|json|md|toml)$/.test(path);
}

function readWorkTree(folder: string): Checkout {
  const files = new Map<string, string>();
  for (const name of folders) {
    const root = join(folder, name);
    if (!existsSync(root)) continue;
    const paths = statSync(root).isDirectory() ? readdirSync(root, { recursive: true, encoding: "utf8" }) : [""];
    for (const path of paths) {
      const written = path === "" ? name : `${name}/${path.replaceAll("\\", "/")}`;
      if (isWanted(written)) files.set(written, readFileSync(join(root, path), "utf8"));
    }
  }
  return files;
}

function readTag(folder: string, tag: string): Checkout {
  if (!isRepository(folder)) {
    throw new DriftError(
      `${folder} is not a git repository, so it has no tag ${tag}.`,
      "Leave --tag away to read the files as they are.",
    );
  }
  if (!tags(folder).includes(tag)) {
    const releases = tags(folder).filter((name) => /^v\d+\.\d+$/.test(name));
    throw new DriftError(
      `${folder} has no tag ${tag}.`,
      releases.length === 0
        ? "Fetch its tags: git fetch --tags."
        : `It has ${releases.join(", ")}; \`git fetch --tags\` brings newer ones.`,
    );
  }
  const paths = git(folder, ["ls-tree", "-r", "-z", "--name-only", tag, "--", ...folders])
    .toString()
    .split("\0")
    .filter(isWanted);
  return new Map(blobs(folder, tag, paths));
}

/** One process reads all files: "<object> blob <bytes>\n<content>\n", one after another. */
function* blobs(folder: string, tag: string, paths: readonly string[]): Generator<[string, string]> {
  const output = git(folder, ["cat-file", "--batch"], paths.map((path) => `${tag}:${path}\n`).join(""));
  let start = 0;
  for (const path of paths) {
    const header = output.indexOf("\n", start);
    const size = Number(output.toString("utf8", start, header).split(" ")[2]);
    yield [path, output.toString("utf8", header + 1, header + 1 + size)];
    start = header + 1 + size + 1;
  }
}

function isRepository(folder: string): boolean {
  try {
    git(folder, ["rev-parse", "--git-dir"]);
    return existsSync(join(folder, ".git")) || existsSync(join(folder, "objects"));
  } catch {
    return false;
  }
}

function tags(folder: string): string[] {
  return git(folder, ["tag", "--list", "--sort=-version:refname"]).toString().split("\n").filter(Boolean);
}

function git(folder: string, args: readonly string[], input = ""): Buffer {
  return execFileSync("git", ["-C", folder, ...args], {
    input,
    maxBuffer: 256 * 1024 * 1024,
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** The release that a work tree says it is, from the site's configuration, such as `v1.19`. */
export function releaseOf(checkout: Checkout): string {
  const config = checkout.get("config/_default/hugo.toml") ?? checkout.get("config.toml") ?? "";
  const { major, minor } = /^major = "(?<major>\d+)"\s+minor = "(?<minor>\d+)"/m.exec(config)?.groups ?? {};
  if (major !== undefined && minor !== undefined) return `v${major}.${minor}`;
  return "unreleased";
}
