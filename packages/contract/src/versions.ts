import { Unreachable } from "./http.ts";
import { member } from "./json.ts";
import type { Session } from "./session.ts";

/** Makes sure that there are such servers before anything is judged; returns the homeserver's versions. */
export async function greet({ homeserver, identity }: Session, hasIdentity: boolean): Promise<readonly string[]> {
  const answer = await homeserver.get("/_matrix/client/versions");
  const versions = member(answer.json, "versions");
  if (answer.status !== 200 || !Array.isArray(versions))
    throw new Unreachable(
      `${homeserver.baseUrl.href} is not a Matrix homeserver: /_matrix/client/versions answered ${answer.status}, expected 200 with \`versions\``,
    );
  if (hasIdentity) {
    const pong = await identity.get("/_matrix/identity/v2");
    if (pong.status >= 500 || pong.json === undefined)
      throw new Unreachable(
        `${identity.baseUrl.href} is not a Matrix identity server: /_matrix/identity/v2 answered ${pong.status}, expected 200 with {}`,
      );
  }
  return versions.filter((version) => typeof version === "string");
}

/** Whether the homeserver says that it speaks a version of the specification or a later one of the same line. */
export function speaks(versions: readonly string[], minor: number): boolean {
  return versions.some((version) => Number(/^v1\.(\d+)$/.exec(version)?.[1] ?? -1) >= minor);
}
