import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const wanted = fileURLToPath(new URL("../subjects/", import.meta.url));
const folder = fileURLToPath(new URL("../.subjects/clients/", import.meta.url));

/**
 * `require` of the folder that clients from npm are installed in; done once, and again where their lockfile changes. It
 * is not the repository's own `node_modules`, so that only who runs their stories waits for them. No install script runs.
 */
export function installedClients(): NodeJS.Require {
  const lockfile = readFileSync(join(wanted, "package-lock.json"));
  const hash = createHash("sha256").update(lockfile).digest("hex");
  const stamp = join(folder, "lockfile.sha256");
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== hash) {
    rmSync(folder, { recursive: true, force: true });
    cpSync(wanted, folder, { recursive: true });
    install();
    writeFileSync(stamp, hash);
  }
  return createRequire(join(folder, "package.json"));
}

function install(): void {
  const options = ["--ignore-scripts", "--loglevel=error", "--no-audit", "--no-fund"];
  const { status, error, stderr } = spawnSync("npm", ["ci", ...options], {
    cwd: folder,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (status === 0) return;
  const found = error?.message ?? stderr.trim();
  throw new Error(`Could not install the clients in ${folder}: ${found}\nThe first run needs the npm registry.`);
}
