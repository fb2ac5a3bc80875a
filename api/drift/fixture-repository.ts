import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A repository in the form of matrix-spec, for tests: v1.1 in Swagger 2.0, v1.2 in OpenAPI 3.1, checked out at v1.2.
 */
export function fixtureRepository(): string {
  const folder = mkdtempSync(join(tmpdir(), "matrix-spec-"));
  const git = (...args: string[]): void => {
    const identity = ["-c", "user.name=Fixture", "-c", "user.email=fixture@example.org", "-c", "commit.gpgsign=false"];
    execFileSync("git", ["-C", folder, ...identity, ...args], { stdio: "pipe" });
  };
  const commit = (tag: string): void => {
    git("add", ".");
    git("commit", "-qm", tag);
    git("tag", tag);
  };
  git("init", "-q");
  cpSync(new URL("fixtures/matrix-spec", import.meta.url), folder, { recursive: true });
  cpSync(
    new URL("fixtures/swagger/greetings.yaml", import.meta.url),
    join(folder, "data/api/client-server/greetings.yaml"),
  );
  commit("v1.1");
  cpSync(new URL("fixtures/matrix-spec", import.meta.url), folder, { recursive: true });
  commit("v1.2");
  return folder;
}
