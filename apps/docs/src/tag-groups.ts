import type { ApiReference, DocumentedOperation } from "./api-reference.ts";

/** The operations of one tag, which have a page in common. */
export interface TagReference {
  readonly name: string;
  readonly description: string;
  readonly href: string;
  readonly operations: readonly DocumentedOperation[];
}

/** Tags under a heading of the contents; the heading is empty where an API is short enough to do without. */
export interface TagGroup {
  readonly title: string;
  readonly tags: readonly TagReference[];
}

// Which tags stand together: a matter of this site alone, as the description orders its tags but does not group them.
const groups: Readonly<Record<string, readonly string[]>> = {
  "Servers and accounts": [
    "Server administration",
    "Session management",
    "Account management",
    "Device management",
    "Capabilities",
    "OpenID",
  ],
  Rooms: [
    "Room creation",
    "Room membership",
    "Room directory",
    "Room discovery",
    "Room upgrades",
    "Spaces",
    "Mutual rooms",
  ],
  "Life in rooms": [
    "Room participation",
    "Read markers",
    "Event relationships",
    "Threads",
    "Search",
    "Reporting content",
  ],
  "Users and notifications": ["Presence", "User data", "User directory", "Push notifications"],
  "Media and calls": ["Media", "VOIP"],
  Encryption: ["Send-to-Device messaging", "End-to-end encryption"],
  "Bridges and other networks": ["Third-party networks", "Application services"],
};

/** The tags of an API as the contents show them; what no group has stands under "More". */
export function tagGroups(api: ApiReference): readonly TagGroup[] {
  const tags = tagsOf(api);
  if (api.slug === "identity") return [{ title: "", tags }];
  const grouped = new Set(Object.values(groups).flat());
  const known = Object.entries(groups).map(([title, names]) => ({
    title,
    tags: names.flatMap((name) => tags.filter((tag) => tag.name === name)),
  }));
  return [...known, { title: "More", tags: tags.filter(({ name }) => !grouped.has(name)) }].filter(
    (group) => group.tags.length > 0,
  );
}

/** The address of a tag's page; below `tags/`, because an operation may be called as a tag is. */
export function tagHref(api: ApiReference, tag: string): string {
  return `/${api.slug}/tags/${tag.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}/`;
}

function tagsOf(api: ApiReference): readonly TagReference[] {
  return (api.document.tags ?? [])
    .map(({ name, description }) => ({
      name,
      description: description ?? name,
      href: tagHref(api, name),
      operations: api.operations.filter(({ descriptor }) => descriptor.tag === name),
    }))
    .filter(({ operations }) => operations.length > 0);
}
