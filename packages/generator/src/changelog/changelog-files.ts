import type { Change, ChangeKind } from "./changes.ts";

/** What each release brought, as data and to be read; newest first. */
export function changelogFiles(banner: string, changes: readonly Change[]): Map<string, string> {
  const releases = inReleases(changes);
  const data = {
    "x-generated": banner,
    releases: releases.map(([version, own]) => ({ version, changes: own.map(withoutVersion) })),
  };
  return new Map([
    ["openapi/changelog.json", `${JSON.stringify(data, null, 2)}\n`],
    ["openapi/CHANGELOG.md", markdown(banner, releases)],
  ]);
}

type Release = readonly [version: string, changes: readonly Change[]];

function inReleases(changes: readonly Change[]): Release[] {
  const byVersion = Map.groupBy(onceEach(changes), ({ version }) => version);
  return [...byVersion]
    .map(([version, own]): Release => [version, own.toSorted(compare)])
    .toSorted(([a], [b]) => b.localeCompare(a, "en", { numeric: true }));
}

/** What several descriptions share is one change. */
function onceEach(changes: readonly Change[]): Change[] {
  const groups = Map.groupBy(changes, (change) => JSON.stringify({ ...change, apis: [] }));
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : [{ ...first, apis: [...new Set(same.flatMap(({ apis }) => apis))] }];
  });
}

const changeOrder: readonly Change["change"][] = ["added", "changed", "deprecated"];
const kindOrder: readonly ChangeKind[] = [
  "operation",
  "event type",
  "error code",
  "parameter",
  "response",
  "header",
  "format",
  "field",
  "form",
  "schema",
  "security scheme",
];

function compare(a: Change, b: Change): number {
  const rank = ({ change, kind }: Change): number => changeOrder.indexOf(change) * 100 + kindOrder.indexOf(kind);
  const text = ({ operation, component, place }: Change): string =>
    [operation?.path ?? "", operation?.method ?? "", component ?? "", place.part ?? "", ...place.path].join("\0");
  const difference = rank(a) - rank(b);
  return difference === 0 ? (text(a) < text(b) ? -1 : 1) : difference;
}

/** The release they stand under says the version. */
function withoutVersion({ change, kind, apis, operation, component, place }: Change): Omit<Change, "version"> {
  return { change, kind, apis, operation, component, place };
}

function markdown(banner: string, releases: readonly Release[]): string {
  const chapters = releases.map(([version, changes]) => {
    const sections = changeOrder.flatMap((change) => {
      const lines = changes.filter((one) => one.change === change).map((one) => `- ${sentence(one)}`);
      return lines.length === 0 ? [] : [`### ${title(change)}\n\n${lines.join("\n")}\n`];
    });
    return `## ${releaseTitle(version)}\n\n${sections.join("\n")}`;
  });
  return `<!-- ${banner} -->

# What each release of Matrix brought

Newest first; what is not listed is older than v1.1. What many operations share is listed once, under its own name.

${chapters.join("\n")}`;
}

function releaseTitle(version: string): string {
  return /^\d/.test(version) ? `v${version}` : version;
}

function title(change: string): string {
  return `${change.charAt(0).toUpperCase()}${change.slice(1)}`;
}

function sentence({ kind, operation, component, place }: Change): string {
  const owner =
    operation === null
      ? `\`${component}\``
      : `\`${operation.method} ${operation.path}\` (\`${operation.operationId}\`)`;
  const { part, path } = place;
  if (path.length === 0) return part === null ? `${kind} ${owner}` : `${kind} \`${part}\` of ${owner}`;
  const name = path.join(".").replaceAll(/\.(\[\]|\{\})/g, "$1");
  return `${kind} \`${name}\`${part === null ? "" : ` (${part})`} of ${owner}`;
}
