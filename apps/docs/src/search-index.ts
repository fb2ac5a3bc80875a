import type { ApiReference } from "./api-reference.ts";
import type { Page } from "./layout.ts";

/** One page as the search in the browser knows it. */
interface SearchEntry {
  readonly id: string;
  readonly title: string;
  /** What is found besides the title: path, operationId, error codes. */
  readonly terms: string;
  /** What is shown below the title. */
  readonly subtitle: string;
}

/** What the browser loads to search by: every page, with the names that people look for. */
export function searchIndex(pages: readonly Page[], apis: readonly ApiReference[]): readonly SearchEntry[] {
  const operations = new Map(apis.flatMap((api) => api.operations).map((operation) => [operation.href, operation]));
  return pages.map(({ href, title, description }) => {
    const descriptor = operations.get(href)?.descriptor;
    return {
      id: href,
      title,
      terms: descriptor === undefined ? description : operationTerms(descriptor),
      subtitle: descriptor === undefined ? "" : `${descriptor.method} ${descriptor.path}`,
    };
  });
}

function operationTerms({
  operationId,
  path,
  tag,
  errcodes,
}: ApiReference["operations"][number]["descriptor"]): string {
  const words = operationId.replace(/([a-z0-9])([A-Z])/g, "$1 $2");
  return [operationId, words, path.replaceAll(/[/{}_]/g, " "), path, tag, ...Object.values(errcodes).flat()].join(" ");
}
