import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { bundle } from "./bundle.ts";
import { operationTable } from "./operation-table.ts";
import { isInVersion, operationsIn } from "./release.ts";

test.each([
  [null, "v1.1", true],
  ["1.5", "v1.4", false],
  ["1.5", "v1.5", true],
  ["1.5", "1.5", true],
  ["1.5", "v1.10", true],
  ["1.10", "v1.9", false],
  ["1.19", "v2.0", true],
  [null, "r0.6.1", false],
  [null, "unstable", false],
  ["1.5", "", false],
])("what came with %s is in %s: %s", (since, version, want) => {
  expect(isInVersion({ since }, version)).toBe(want);
});

test("names what a release has, typed", () => {
  const table = { old: { since: null }, fresh: { since: "1.2" } };
  const names: ("old" | "fresh")[] = operationsIn(table, "v1.1");
  expect(names).toEqual(["old"]);
  expect(operationsIn(table, "v1.2")).toEqual(["old", "fresh"]);
});

describe.each(["client-server", "identity"])("the description of %s", (name) => {
  const api = join(import.meta.dirname, "../../../api");
  let table: ReturnType<typeof operationTable>;
  let facts: { operations: { method: string; path: string; addedIn?: string }[] };
  beforeAll(async () => {
    const bundles = await bundle([{ name, root: join(api, name, "openapi.yaml") }]);
    const document = bundles.get(name);
    if (document === undefined) throw new Error(`bundle() gave no ${name}`);
    table = operationTable({ document, commonErrcodes: new Map() });
    facts = JSON.parse(await readFile(join(api, "facts", `${name}.json`), "utf8")) as typeof facts; // as its README says
  }, 60_000);

  /** What to do about an operation that is described for other releases than the facts say. */
  function advice(endpoint: string): string {
    const fact = facts.operations.find(({ method, path }) => `${method} ${path}` === endpoint);
    if (fact === undefined) return `${endpoint} is not in api/facts: correct its path, or add it to proseOnly`;
    if (!Object.values(table).some(({ method, path }) => `${method} ${path}` === endpoint))
      return `${endpoint} is not described: add it to api/${name}`;
    return fact.addedIn === undefined
      ? `${endpoint} is older than v1.1: take its x-addedInMatrixVersion out`
      : `${endpoint} came with v${fact.addedIn}: give it x-addedInMatrixVersion: "${fact.addedIn}"`;
  }

  test.each(Array.from({ length: 19 }, (_, index) => index + 1))("answers what a v1.%i server has", (minor) => {
    const wanted = facts.operations.filter(({ addedIn = "1.1" }) => Number(addedIn.split(".")[1]) <= minor);
    const have = operationsIn(table, `v1.${minor}`).map((id) => `${table[id]?.method} ${table[id]?.path}`);
    const described = new Set(have.filter((endpoint) => !proseOnly.has(endpoint)));
    const expected = new Set(wanted.map(({ method, path }) => `${method} ${path}`));
    const different = [...described, ...expected].filter((each) => !(described.has(each) && expected.has(each)));
    expect(different.toSorted().map(advice)).toEqual([]);
  });
});

/** Pages that only the specification's text defines; the facts list them apart. */
const proseOnly = new Set(["GET /_matrix/client/v3/auth/{authType}/fallback/web", "GET /_matrix/static/client/login/"]);
