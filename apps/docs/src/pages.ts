import { readDownloads } from "./downloads.ts";
import type { Page } from "./layout.ts";
import { apiPage } from "./pages/api-page.ts";
import { changesPage } from "./pages/changes-page.ts";
import { downloadsPage } from "./pages/downloads-page.ts";
import { errorPages } from "./pages/error-pages.ts";
import { eventPages } from "./pages/event-pages.ts";
import { eventsPage } from "./pages/events-page.ts";
import { formatsPage } from "./pages/formats-page.ts";
import { guidePage } from "./pages/guide-page.ts";
import { homePage } from "./pages/home-page.ts";
import { operationPage } from "./pages/operation-page.ts";
import { tagPage } from "./pages/tag-page.ts";
import type { Reference } from "./reference.ts";
import { tagGroups } from "./tag-groups.ts";

/** All pages of the site, but the one for what is not found. */
export function pagesOf(reference: Reference): readonly Page[] {
  return [
    homePage(reference),
    guidePage("user-interactive-auth"),
    guidePage("events-in-typescript"),
    changesPage(reference),
    downloadsPage(readDownloads()),
    ...reference.apis.flatMap((api) => [
      apiPage(api),
      ...tagGroups(api).flatMap(({ tags }) => tags.map((tag) => tagPage(api, tag))),
      ...api.operations.map((operation) => operationPage(operation, reference)),
    ]),
    eventsPage(reference),
    formatsPage(reference),
    ...eventPages(reference),
    ...errorPages(reference.errors, reference.apis),
  ];
}
