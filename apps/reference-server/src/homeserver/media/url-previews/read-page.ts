import { Parser } from "htmlparser2";

/** What a page says of itself: OpenGraph as it stands there, or what comes closest to it. */
export interface PageFacts {
  /** `og:title`, `og:description` and others, but for the image. */
  readonly properties: Readonly<Record<string, string>>;
  /** As it is written: possibly relative. */
  readonly image: string | null;
}

const mostProperties = 50;
const longestValue = 1000;

/** Reads the OpenGraph properties (https://ogp.me/) of a page, with its title and description in their place where they are missing. */
export function readPage(html: string): PageFacts {
  const properties = new Map<string, string>();
  const fallbacks = new Map<string, string>();
  let text: { readonly tag: string; content: string } | null = null;

  const keep = (into: Map<string, string>, name: string, value: string | undefined): void => {
    const clean = value?.replace(/\s+/gu, " ").trim().slice(0, longestValue).toWellFormed();
    if (clean && !into.has(name) && into.size < mostProperties) into.set(name, clean);
  };
  const readMeta = ({ property, name, content }: Record<string, string>): void => {
    const key = (property ?? name ?? "").trim().toLowerCase();
    if (/^og:[a-z][a-z0-9_:]*$/.test(key)) keep(properties, key, content);
    if (key === "description") keep(fallbacks, "og:description", content);
  };

  const parser = new Parser({
    onopentag(tag, attributes) {
      if (tag === "meta") readMeta(attributes);
      if (tag === "link" && attributes["rel"]?.toLowerCase() === "image_src")
        keep(fallbacks, "og:image", attributes["href"]);
      if (tag === "title" || tag === "h1") text ??= { tag, content: "" };
    },
    ontext(part) {
      if (text !== null && text.content.length < longestValue) text.content += part;
    },
    onclosetag(tag) {
      if (text?.tag !== tag) return;
      keep(fallbacks, tag === "title" ? "og:title" : "h1", text.content);
      text = null;
    },
  });
  parser.end(html);

  const of = (name: string) => properties.get(name) ?? fallbacks.get(name);
  const image = of("og:image") ?? of("og:image:url") ?? of("og:image:secure_url") ?? null;
  keep(fallbacks, "og:title", fallbacks.get("h1"));
  const told = { ...Object.fromEntries(fallbacks), ...Object.fromEntries(properties) };
  return {
    properties: Object.fromEntries(Object.entries(told).filter(([name]) => name !== "h1" && !aboutImage.test(name))),
    image,
  };
}

/** The server tells of the image itself. */
const aboutImage = /^og:image(:(url|secure_url|type|width|height))?$/;
