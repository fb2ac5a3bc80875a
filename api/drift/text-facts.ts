import type { JsonObject } from "./json.ts";
import type { Checkout } from "./read-checkout.ts";

/** One page of the text that describes an API: its name and its Markdown. */
export interface Page {
  readonly api: "client-server" | "identity";
  readonly name: string;
  readonly text: string;
}

/** The pages of both APIs. */
export function pagesOf(checkout: Checkout): Page[] {
  return [...checkout].flatMap(([path, text]): Page[] => {
    const module = /^content\/client-server-api\/(?:modules\/)?(?<name>[^/]+)\.md$/.exec(path)?.groups?.["name"];
    if (module !== undefined) return [{ api: "client-server", name: module === "_index" ? "index" : module, text }];
    return path === "content/identity-service-api.md" ? [{ api: "identity", name: "identity-service-api", text }] : [];
  });
}

/** Where the text shows an API file, an event or a definition, and the version its section was added in. */
export interface Shown {
  readonly api: Page["api"];
  readonly kind: "http-api" | "event" | "definition";
  readonly name: string;
  readonly page: string;
  readonly addedIn: string | undefined;
}

/** Everything the pages show through shortcodes, in the order of the text. */
export function shownIn(pages: readonly Page[], version: string): Shown[] {
  return pages.flatMap(({ api, name: page, text }) => {
    const sections: (string | undefined)[] = [];
    return sectionsOf(text).flatMap((section) => {
      const level = /^#*/.exec(section)?.[0].length ?? 0;
      sections.length = Math.min(sections.length, level);
      sections[level] = addedInOf(/^#.*\n\s*(?<first>.*)/.exec(section)?.groups?.["first"] ?? "", version);
      const addedIn = sections.findLast((added) => added !== undefined);
      return [...section.matchAll(shortcode)].map(({ groups }) => ({
        api,
        kind: groups?.["kind"] as Shown["kind"], // one of the three in the expression
        name: groups?.["name"] ?? "",
        page,
        addedIn,
      }));
    });
  });
}

const shortcode = /\{\{% (?<kind>http-api|event|definition) (?:spec="[a-z-]+" )?(?:api|event|path)="(?<name>[^"]+)"/g;

/** What guests may call, by `method path` with nothing but letters and digits, as anchors write them. */
export function guestList(
  pages: readonly Page[],
  version: string,
): ReadonlyMap<string, { addedIn: string | undefined }> {
  const text = pages.find(({ name }) => name === "guest_access")?.text ?? "";
  const items = text.matchAll(/^[*-] +(?<before>.*?)\[(?:GET|PUT|POST|DELETE) [^\]]*\]\(#(?<anchor>[a-z0-9_]+)\)/gm);
  return new Map(
    [...items].map(({ groups }) => [
      groups?.["anchor"] ?? "",
      { addedIn: addedInOf(groups?.["before"] ?? "", version) },
    ]),
  );
}

/** The heading anchor of an operation, such as `get_matrixclientv3sync`. */
export function anchorOf({ method, path }: JsonObject): string {
  return `${String(method)}_${String(path).replaceAll(/[^A-Za-z0-9]/g, "")}`.toLowerCase();
}

/** What the lists of error codes in the text say: `common` for every operation, `other` for some. */
export function listedErrcodes(pages: readonly Page[], version: string): JsonObject[] {
  return pages.flatMap(({ api, text }) =>
    sectionsOf(text).flatMap((section) =>
      [...section.matchAll(/^`(?<errcode>M_[A-Z_]+)`\n:? *(?<meaning>.*)/gm)].map(({ groups }) => ({
        api,
        errcode: groups?.["errcode"],
        listed: /^#+ .*other/i.test(section) ? "other" : "common",
        addedIn: addedInOf(groups?.["meaning"] ?? "", version),
      })),
    ),
  );
}

/** A page cut before each of its headings. */
function sectionsOf(text: string): readonly string[] {
  return text.split(/^(?=#{1,6} )/m);
}

/** `this=true` is how a release wrote its own version before v1.2. */
function addedInOf(text: string, version: string): string | undefined {
  const { named, own } = /^[\s{%]*added-in (?:v="(?<named>[\d.]+)"|(?<own>this=true))/.exec(text.trim())?.groups ?? {};
  return named ?? (own === undefined ? undefined : version.replace(/^v/, ""));
}
