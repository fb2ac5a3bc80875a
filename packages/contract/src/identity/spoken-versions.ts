import type { Context } from "../context.ts";
import { member } from "../json.ts";
import { oncePerRun } from "../once-per-run.ts";

/** What the identity server answers to `/versions`; empty where it answers something else, which is is-2's business. */
export const spokenVersions = oncePerRun(async ({ identity }: Context): Promise<readonly string[]> => {
  const { json } = await identity.get("/_matrix/identity/versions");
  const versions = member(json, "versions");
  return Array.isArray(versions) ? versions.filter((version) => typeof version === "string") : [];
});
