import type { OpenApiDocument, PathItem } from "../document.ts";
import { GenerationError } from "../generation-error.ts";
import { operationsOf, type LocatedOperation } from "../operations.ts";
import { namesIn, reachable, type References } from "./reachable.ts";

const components = "#/components/";

/**
 * For each tag, by its slug: the operations that carry it with just the components they need, for tools and readers to
 * whom the whole is too much.
 */
export function tagSubsets(document: OpenApiDocument): Map<string, OpenApiDocument> {
  const all = operationsOf(document);
  const byTag = Map.groupBy(
    all.flatMap((located) => (located.operation.tags ?? []).map((tag) => ({ tag, located }))),
    ({ tag }) => tag,
  );
  const references = referencesOf(document);
  const subsets = new Map<string, OpenApiDocument>();
  const tagOf = new Map<string, string>();
  for (const [tag, entries] of byTag) {
    const slug = slugOf(tag);
    const known = tagOf.get(slug);
    if (slug === "" || known !== undefined) throw badTag(tag, slug, known);
    tagOf.set(slug, tag);
    const operations = entries.map(({ located }) => located);
    const others = new Set<unknown>(all.filter((each) => !operations.includes(each)).map(({ operation }) => operation));
    subsets.set(slug, subset(document, tag, { operations, paths: pathsOf(document, operations, others) }, references));
  }
  return subsets;
}

function subset(
  document: OpenApiDocument,
  tag: string,
  { operations, paths }: { operations: readonly LocatedOperation[]; paths: OpenApiDocument["paths"] & object },
  references: References,
): OpenApiDocument {
  const { info, tags, paths: _paths, components: _components, ...rest } = document;
  const schemes = [document, ...operations.map(({ operation }) => operation)].flatMap(({ security = [] }) =>
    security.flatMap((alternative) => Object.keys(alternative).map((name) => `securitySchemes/${name}`)),
  );
  const needed = reachable([...namesIn(paths, components), ...schemes], references);
  return {
    ...rest,
    info: { ...info, title: `${info.title}: ${tag}` },
    ...(Array.isArray(tags) && { tags: (tags as { name: string }[]).filter(({ name }) => name === tag) }), // as OpenAPI has them
    paths,
    components: pick(document, needed),
  };
}

/** The paths of these operations, without the others there; what a path has besides, such as parameters, stays. */
function pathsOf(
  document: OpenApiDocument,
  operations: readonly LocatedOperation[],
  others: ReadonlySet<unknown>,
): Record<string, PathItem> {
  const items = operations.map(({ path }): [string, PathItem] => {
    const entries = Object.entries(document.paths?.[path] ?? {});
    return [path, Object.fromEntries(entries.filter(([, value]) => !others.has(value)))];
  });
  return Object.fromEntries(items);
}

function referencesOf(document: OpenApiDocument): References {
  return new Map(
    Object.entries(document.components ?? {}).flatMap(([kind, entries]) =>
      Object.entries(entries ?? {}).map(([name, value]) => [`${kind}/${name}`, namesIn(value, components)]),
    ),
  );
}

function pick(document: OpenApiDocument, needed: ReadonlySet<string>): OpenApiDocument["components"] & object {
  const kinds = Object.entries(document.components ?? {}).map(([kind, entries]) => {
    const kept = Object.entries(entries ?? {}).filter(([name]) => needed.has(`${kind}/${name}`));
    return [kind, Object.fromEntries(kept)] as const;
  });
  return Object.fromEntries(kinds.filter(([, entries]) => Object.keys(entries).length > 0));
}

function slugOf(tag: string): string {
  return tag
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}

function badTag(tag: string, slug: string, known: string | undefined): GenerationError {
  const message =
    known === undefined
      ? `the tag "${tag}" has no letter or digit to name a file after.`
      : `the tags "${known}" and "${tag}" would both become the file ${slug}.json.`;
  return new GenerationError([{ message, hint: "Rename one of them." }]);
}
