import { execFile } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../free-port.ts";

const run = promisify(execFile);
const debian = "/usr/lib/postgresql";

export interface PostgresServer extends AsyncDisposable {
  /** As its superuser, who may create databases. */
  readonly url: string;
}

/** Debian's PostgreSQL with an empty cluster on a free loopback port; installed first where it is missing and we may. */
export async function startPostgres(): Promise<PostgresServer> {
  const programs = await findPrograms();
  const folder = mkdtempSync(join(tmpdir(), "postgres-"));
  const owner = await runningUser(folder);
  const data = join(folder, "data");
  const port = await freePort();
  await owner.run(join(programs, "initdb"), ["--pgdata", data, ...clusterOptions]);
  const settings = { port, unix_socket_directories: folder, listen_addresses: "127.0.0.1", ...forTests };
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  const control = (...given: string[]) => owner.run(join(programs, "pg_ctl"), ["--pgdata", data, "--wait", ...given]);
  await control("start", "--options", options.join(" "), "--log", join(folder, "log"));
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async [Symbol.asyncDispose]() {
      await control("stop", "--mode=immediate");
      rmSync(folder, { recursive: true });
    },
  };
}

/** Its language sorts text otherwise than SQLite does, which must make no difference. */
const language = ["--encoding=UTF8", "--locale-provider=icu", "--icu-locale=en-US"];
const clusterOptions = ["--auth=trust", "--username=postgres", "--no-sync", ...language];

/** Nothing has to survive a power cut, and each test's servers have connections of their own. */
const forTests = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: 500 };

async function findPrograms(): Promise<string> {
  if (!existsSync(debian)) await install();
  const [newest] = readdirSync(debian).toSorted((a, b) => Number(b) - Number(a));
  if (newest === undefined)
    throw new Error(`${debian} is empty; expected PostgreSQL there: apt-get install postgresql`);
  return join(debian, newest, "bin");
}

async function install(): Promise<void> {
  if (userInfo().uid !== 0) {
    throw new Error(`there is no PostgreSQL in ${debian}; install it first: apt-get install postgresql`);
  }
  const quiet = { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  await run("apt-get", ["update", "-qq"], quiet);
  await run("apt-get", ["install", "-y", "-qq", "postgresql"], quiet);
}

interface RunningUser {
  run(program: string, parameters: readonly string[]): Promise<unknown>;
}

/** PostgreSQL refuses to run as root; its package brings a user of its own. */
async function runningUser(folder: string): Promise<RunningUser> {
  if (userInfo().uid !== 0) return { run };
  const id = async (flag: string) => Number((await run("id", [flag, "postgres"])).stdout);
  const [uid, gid] = [await id("-u"), await id("-g")];
  chownSync(folder, uid, gid);
  return { run: (program, parameters) => run(program, [...parameters], { uid, gid, cwd: folder }) };
}
