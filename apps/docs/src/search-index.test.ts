import MiniSearch from "minisearch";
import { expect, test } from "vitest";
import { pagesOf } from "./pages.ts";
import { readReference } from "./reference.ts";
import { searchIndex } from "./search-index.ts";

const reference = readReference();
const { options, entries } = searchIndex(pagesOf(reference), reference);
const engine = new MiniSearch(options);
engine.addAll(entries);

test.each([
  ["sync", "/client-server/sync/"],
  ["getRoomEvents", "/client-server/getRoomEvents/"],
  ["/rooms/{roomId}/messages", "/client-server/getRoomEvents/"],
  ["kick", "/client-server/kick/"],
  ["m.room.member", "/events/m.room.member/"],
  ["m.image", "/events/m.room.message/#m.image"],
  ["power levels", "/events/m.room.power_levels/"],
  ["M_FORBIDDEN", "/errors/M_FORBIDDEN/"],
  ["forbiden", "/errors/M_FORBIDDEN/"],
  ["StrippedStateEvent", "/formats/#StrippedStateEvent"],
  ["v1.18", "/changes/#v1.18"],
  ["changelog", "/changes/"],
])("%s leads to %s first", (words, href) => {
  expect(engine.search(words)[0]?.id).toBe(href);
});
