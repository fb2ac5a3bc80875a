import { releaseName } from "./changelog.ts";
import { html } from "./html.ts";
import type { Html } from "./html.ts";
import type { Versions } from "./openapi.ts";

/** When something came, changed and was discouraged, beside its name. */
export function versionBadges(versions: Versions): readonly Html[] {
  return told(versions).map(
    ({ text, discouraged }) => html`<span class="badge ${discouraged && "deprecated"}">${text}</span> `,
  );
}

/** The same among the facts at the top of a page, where it leads to what else the version brought. */
export function versionFacts(versions: Versions): readonly Html[] {
  return told(versions).map(({ text, version, discouraged }) => {
    const kind = discouraged === true && html`class="deprecated"`;
    if (version === undefined) return html`<span ${kind}>${text}</span>`;
    return html`<a ${kind} href="/changes/#${releaseName(version)}">${text}</a>`;
  });
}

interface Told {
  readonly text: string;
  readonly version?: string;
  readonly discouraged?: boolean;
}

function told({ deprecated, ...versions }: Versions): readonly Told[] {
  const added = versions["x-addedInMatrixVersion"];
  const changed = [versions["x-changedInMatrixVersion"] ?? []].flat();
  const since = versions["x-deprecatedInMatrixVersion"];
  return [
    ...(added === undefined ? [] : [{ text: `Since ${releaseName(added)}`, version: added }]),
    ...changed.map((version) => ({ text: `Changed in ${releaseName(version)}`, version })),
    ...(since === undefined
      ? []
      : [{ text: `Deprecated since ${releaseName(since)}`, version: since, discouraged: true }]),
    ...(deprecated === true && since === undefined ? [{ text: "Deprecated", discouraged: true }] : []),
  ];
}
