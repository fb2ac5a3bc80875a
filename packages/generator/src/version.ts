import { readFileSync } from "node:fs";

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string }; // our own

/** The version of this package, the same from source and from the build. */
export const version = manifest.version;
