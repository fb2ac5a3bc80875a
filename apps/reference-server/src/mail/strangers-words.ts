/**
 * A name that a stranger gave, as our mail may show it: on one line, no longer than a name is, and without anything that
 * a mail program makes a link of, which would stand before ours. Undefined where nothing is left.
 */
export function shownName(name: string | undefined): string | undefined {
  // Cut before it is looked at, too: it may be as long as a request.
  const words =
    name
      ?.slice(0, 10 * maximumLength)
      .replace(unprintable, " ")
      .split(/\s+/u) ?? [];
  const shown = [...words.filter((word) => word !== "" && !linkLike.test(word)).join(" ")];
  if (shown.length === 0) return undefined;
  return shown.length <= maximumLength ? shown.join("") : `${shown.slice(0, maximumLength - 1).join("")}…`;
}

/** An ID of a user, room or alias, or undefined where its first part, which may be any text, could be read as a message. */
export function shownId(id: string | undefined): string | undefined {
  return id !== undefined && plainId.test(id) && !/^.www\./i.test(id) ? id : undefined;
}

const maximumLength = 100;

/** Control and formatting characters, those that turn the direction of text among them. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]+/gu;

/** A scheme, a host name, an email address: `https:`, `//`, `example.org`, in any script, with any kind of dot. */
const linkLike = /:\/|\/\/|^\p{L}[\w+-]*:\S|[\p{L}\p{N}][.。．｡][\p{L}\p{N}]|www[.。．｡]|@.+[.。．｡]/iu;

const plainId = /^[@!#][\w.=+-]{1,150}(?::[0-9A-Za-z.:[\]-]{1,230})?$/;
