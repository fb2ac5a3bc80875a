/** Markup that is safe to put into a page as it is. */
export interface Html {
  readonly html: string;
}

type Value = Html | string | number | false | null | undefined | readonly Value[];

/** Builds markup; every value that is not markup already is escaped, absent values leave nothing behind. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { html: strings.map((text, index) => text + render(values[index])).join("") };
}

/** Marks text as markup, for text that a library of ours has rendered. */
export function raw(text: string): Html {
  return { html: text };
}

function render(value: Value): string {
  if (value === undefined || value === null || value === false) return "";
  if (typeof value === "string" || typeof value === "number") return escape(String(value));
  if ("html" in value) return value.html;
  return value.map(render).join("");
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
