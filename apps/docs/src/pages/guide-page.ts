import { readFileSync } from "node:fs";
import { html } from "../html.ts";
import type { Page } from "../layout.ts";
import { markdown } from "../markdown.ts";

/**
 * A guide, from `guides/<name>.md`. A line `<!-- example: name -->` is replaced by the region of that name in
 * `guides/<name>.example.ts`, so that all code in guides is type-checked, and run by its test.
 */
export function guidePage(name: string): Page {
  const source = read(`${name}.md`);
  const examples = read(`${name}.example.ts`);
  const title = /^# (.+)$/m.exec(source)?.[1];
  const lead = /^# .+\n\n(.+?)\n\n/s.exec(source)?.[1];
  if (title === undefined || lead === undefined)
    throw new Error(`guides/${name}.md has to begin with a title and a paragraph.`);
  const text = source.replace(/^<!-- example: (\S+) -->$/gm, (_, region: string) =>
    fence(extract(examples, region, name)),
  );
  return {
    href: `/guides/${name}/`,
    title,
    description: lead.replaceAll(/\s+/g, " "),
    content: html`<article>${markdown(text)}</article>`,
  };
}

function extract(examples: string, region: string, guide: string): string {
  const found = new RegExp(`^ *// #region ${region}\\n(.*?)^ *// #endregion`, "ms").exec(examples)?.[1];
  if (found === undefined)
    throw new Error(
      `guides/${guide}.md asks for the example "${region}", which guides/${guide}.example.ts does not have.`,
    );
  const indent = Math.min(
    ...found
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line) => line.search(/\S/)),
  );
  return found.replaceAll(new RegExp(`^ {${indent}}`, "gm"), "").trimEnd();
}

function fence(text: string): string {
  return `\`\`\`typescript\n${text}\n\`\`\``;
}

function read(file: string): string {
  return readFileSync(new URL(`../guides/${file}`, import.meta.url), "utf8");
}
