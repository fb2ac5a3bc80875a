import type { Exchange } from "./exchange.ts";
import type { Http } from "./http.ts";
import { Unreachable } from "./http.ts";
import { member } from "./json.ts";
import { Blocked } from "./outcome.ts";
import type { Session } from "./session.ts";

/** Makes sure that there are such servers before anything is judged; returns the homeserver's versions. */
export async function greet({ homeserver, identity }: Session, hasIdentity: boolean): Promise<readonly string[]> {
  const path = "/_matrix/client/versions";
  const answer = await firstAnswer(homeserver, path);
  const versions = member(answer.json, "versions");
  if (answer.status !== 200 || !Array.isArray(versions))
    throw new Unreachable(
      `${homeserver.baseUrl.href} is not a Matrix homeserver: ${path} answered ${found(answer)}, expected 200 with \`versions\``,
    );
  if (hasIdentity) await greetIdentity(identity);
  return versions.filter((version) => typeof version === "string");
}

/** Whether the homeserver says that it speaks a version of the specification or a later one of the same line. */
export function speaks(versions: readonly string[], minor: number): boolean {
  return versions.some((version) => Number(/^v1\.(\d+)$/.exec(version)?.[1] ?? -1) >= minor);
}

async function greetIdentity(identity: Http): Promise<void> {
  const path = "/_matrix/identity/v2";
  const answer = await firstAnswer(identity, path);
  if (answer.status >= 500 || answer.json === undefined)
    throw new Unreachable(
      `${identity.baseUrl.href} is not a Matrix identity server: ${path} answered ${found(answer)}, expected 200 with {}`,
    );
}

// A server that is busy for minutes cannot be checked either.
async function firstAnswer(server: Http, path: string): Promise<Exchange> {
  try {
    return await server.get(path);
  } catch (error) {
    if (error instanceof Blocked) throw new Unreachable(`${server.baseUrl.href}: ${error.message}`, { cause: error });
    throw error;
  }
}

function found({ status, headers, json }: Exchange): string {
  const location = headers.get("location");
  if (status >= 300 && status < 400 && location !== null)
    return `${status} to ${location} (give the URL of the server itself)`;
  return json === undefined ? `${status} without JSON` : `${status}`;
}
