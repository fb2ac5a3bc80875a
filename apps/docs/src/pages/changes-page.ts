import { releaseName } from "../changelog.ts";
import type { Change, Release } from "../changelog.ts";
import { componentUses } from "../component-uses.ts";
import type { ComponentUse } from "../component-uses.ts";
import { eventHref } from "../events.ts";
import { isErrcode } from "../errors.ts";
import { html } from "../html.ts";
import type { Html } from "../html.ts";
import type { Page } from "../layout.ts";
import type { Reference } from "../reference.ts";

/** What each version of the specification brought, newest first. */
export function changesPage(reference: Reference): Page {
  const { releases } = reference.changelog;
  const owners = ownersOf(reference);
  return {
    href: "/changes/",
    title: "Changes by version",
    description:
      "The changelog: what each version of the Matrix specification added, changed and deprecated, newest first.",
    content: html`<h1>Changes by version</h1>
      <p>
        What each version of the specification added, changed and deprecated, newest first. What is not listed was there
        in v1.1 already. The same is there <a href="/openapi/changelog.json">as JSON</a> and
        <a href="/openapi/CHANGELOG.md">as Markdown</a>.
      </p>
      <nav class="parts" aria-label="Versions">
        ${releases.map(({ version }) => html`<a href="#${releaseName(version)}">${releaseName(version)}</a> `)}
      </nav>
      ${releases.map((release) => releaseView(release, owners))}`,
  };
}

/** What changes belong to, by operationId or component name. */
type Owners = ReadonlyMap<string, Owner>;

interface Owner {
  readonly title: Html;
  readonly uses: readonly ComponentUse[];
}

function ownersOf(reference: Reference): Owners {
  const uses = componentUses(reference);
  const { apis, events, errors } = reference;
  const link = (href: string, text: string) => html`<a href="${href}"><code>${text}</code></a>`;
  return new Map<string, Owner>([
    ...[...uses].map(([name, all]): [string, Owner] => [name, { title: html`<code>${name}</code>`, uses: all }]),
    ...errors.map(({ errcode }): [string, Owner] => [errcode, { title: errcodeLink(errcode), uses: [] }]),
    ...events.events.map(({ name, type }): [string, Owner] => [name, { title: link(eventHref(name), type), uses: [] }]),
    ...apis.flatMap((api) =>
      api.operations.map(({ href, descriptor, operation }): [string, Owner] => [
        descriptor.operationId,
        {
          title: html`<a href="${href}">${operation.summary}</a>
            <code class="muted">${descriptor.method} ${descriptor.path}</code>`,
          uses: [],
        },
      ]),
    ),
  ]);
}

function releaseView({ version, changes }: Release, owners: Owners): Html {
  const name = releaseName(version);
  return html`<section>
    <h2 id="${name}"><a class="anchor" href="#${name}">${name}</a></h2>
    ${(["added", "changed", "deprecated"] as const).map((kind) =>
      changesView(
        kind,
        changes.filter(({ change }) => change === kind),
        owners,
      ),
    )}
  </section>`;
}

function changesView(kind: Change["change"], changes: readonly Change[], owners: Owners): Html | false {
  if (changes.length === 0) return false;
  const groups = Map.groupBy(changes, ({ operation, component }) => operation?.operationId ?? component ?? "");
  return html`<h3>${kind.charAt(0).toUpperCase()}${kind.slice(1)}</h3>
    <ul class="changes">
      ${[...groups].map(([key, own]) => html`<li>${ownerView(key, own, owners)}</li>`)}
    </ul>`;
}

function ownerView(key: string, changes: readonly Change[], owners: Owners): Html {
  const owner = owners.get(key);
  const itself = changes.find(isAboutAll);
  const parts = changes.filter((change) => !isAboutAll(change)).map(partOf);
  const alike = Map.groupBy(parts, ({ kind, where }) => `${kind} ${where}`);
  return html`${owner?.title ?? html`<code>${key}</code>`}
  ${itself !== undefined && html`<span class="badge">${itself.kind}</span>`}
  ${parts.length > 0 && html`<br />${separated([...alike.values()].map(partsView), "; ")}`}
  ${usesView(owner?.uses ?? [])}`;
}

interface Part {
  readonly kind: string;
  readonly name: string;
  /** The body, a status, or the sort of a parameter; empty in components. */
  readonly where: string;
}

function isAboutAll({ place: { part, path } }: Change): boolean {
  return part === null && path.length === 0;
}

function partOf({ kind, place: { part, path } }: Change): Part {
  if (path.length === 0) return { kind, name: part ?? "", where: "" };
  return { kind, name: path.join(".").replaceAll(/\.(\[\]|\{\})/g, "$1"), where: part ?? "" };
}

/** What is of one kind and stands in one place, in one breath. */
function partsView(parts: readonly Part[]): Html {
  const { kind = "", where = "" } = parts[0] ?? {};
  const names = parts.map(({ name }) => (isErrcode(name) ? errcodeLink(name) : html`<code>${name}</code>`));
  return html`${kind}${parts.length > 1 && "s"} ${separated(names, ", ")}${where !== "" && ` (${where})`}`;
}

function usesView(uses: readonly ComponentUse[]): Html | false {
  const unique = [...new Map(uses.map((use) => [use.href, use])).values()];
  if (unique.length === 0) return false;
  if (unique.length > 4) return html`<br /><span class="muted">in ${unique.length} operations and events</span>`;
  return html`<br /><span class="muted"
      >in
      ${separated(
        unique.map(({ title, href }) => html`<a href="${href}">${title}</a>`),
        ", ",
      )}</span
    >`;
}

function errcodeLink(errcode: string): Html {
  return html`<a href="/errors/${errcode}/"><code>${errcode}</code></a>`;
}

function separated(parts: readonly Html[], separator: string): Html {
  return html`${parts.map((part, index) => html`${index > 0 && separator}${part}`)}`;
}
