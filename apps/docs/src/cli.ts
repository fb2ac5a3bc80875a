// Builds the site; `npm start` at the root serves it.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { buildSite } from "./build-site.ts";

const usage = `Usage: npm run site --workspace apps/docs -- [--out DIR] [--base PATH]

Builds the docs as static files.

  --out DIR    where to, from apps/docs; an earlier site is replaced (site)
  --base PATH  the path the site will be published at, such as /matrix/ (/);
               only 404.html needs it, all other pages work below any path
  --help       this text
`;

const options = readOptions();
if (options.help === true) process.stdout.write(usage);
else await build();

async function build(): Promise<void> {
  try {
    const { pages, folder } = await buildSite(options.out, { base: options.base });
    process.stdout.write(`${pages} pages in ${folder}\n`);
  } catch (error) {
    refuse(error, 1);
  }
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        out: { type: "string", default: fileURLToPath(new URL("../site", import.meta.url)) },
        base: { type: "string", default: "/" },
        help: { type: "boolean" },
      },
    });
    if (!/^\/([^"<>\s]*\/)?$/.test(values.base))
      throw new Error(`--base is ${values.base}, but has to begin and end with a slash, such as /matrix/`);
    return values;
  } catch (error) {
    return refuse(error, 2, "\n--help lists the options");
  }
}

function refuse(error: unknown, code: number, hint = ""): never {
  process.stderr.write(`site: ${error instanceof Error ? error.message : String(error)}${hint}\n`);
  process.exit(code);
}
