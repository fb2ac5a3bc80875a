// Builds the site into ./site; `npm start` at the root serves it.
import { fileURLToPath } from "node:url";
import { buildSite } from "./build-site.ts";

const folder = fileURLToPath(new URL("../site", import.meta.url));
const { pages } = await buildSite(folder);
process.stdout.write(`${pages} pages in ${folder}\n`);
