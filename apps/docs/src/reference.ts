import { readApis } from "./api-reference.ts";
import type { ApiReference } from "./api-reference.ts";
import { readChangelog } from "./changelog.ts";
import type { Changelog } from "./changelog.ts";
import { collectErrors } from "./errors.ts";
import type { ErrorCode } from "./errors.ts";
import { readEvents } from "./events.ts";
import type { EventReference } from "./events.ts";

/** Everything that the pages are made from. */
export interface Reference {
  readonly apis: readonly ApiReference[];
  readonly events: EventReference;
  readonly errors: readonly ErrorCode[];
  readonly changelog: Changelog;
}

/** Reads what the generator has made of the description. */
export function readReference(): Reference {
  const apis = readApis();
  return { apis, events: readEvents(), errors: collectErrors(apis), changelog: readChangelog() };
}
