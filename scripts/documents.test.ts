import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const documents = globSync(["*.md", "{api,packages,apps}/**/*.md"], {
  cwd: root,
  exclude: (path) => /(^|\/)(node_modules|dist|fixtures|guides)$/.test(path),
});
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };

// A document that names a path or a command that is gone misleads worse than none.
describe.each(documents)("%s", (document) => {
  const text = readFileSync(join(root, document), "utf8");

  test("links only to files that exist", () => {
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, link]) => link ?? "");
    expect(links.filter((link) => !existsSync(join(root, dirname(document), link)))).toEqual([]);
  });

  test("names only commands that exist", () => {
    const commands = [...text.matchAll(/\bnpm (?:run ([a-z-]+)|(start|test)\b)/g)].map(
      ([, run, short]) => run ?? short,
    );
    expect(commands.filter((name) => name === undefined || !(name in scripts))).toEqual([]);
  });
});
