import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isMap, isScalar, LineCounter, parseDocument, type Document } from "yaml";
import { GenerationError } from "./generation-error.ts";

const conditions = [
  "json-body",
  "authenticated",
  "token-accepted",
  "parameters",
  "required-query",
  "guest-forbidden",
  "always",
] as const;

/** Which operations answer a code. */
export type Condition = (typeof conditions)[number];

/** The codes that are listed once for a whole API, instead of at each operation. */
export interface CommonErrorList {
  /** Where the list stands; the error schemas are looked up from there. */
  readonly file: string;
  readonly merged: readonly {
    readonly errcode: string;
    readonly status: string;
    readonly when: Condition;
    readonly except: readonly string[];
  }[];
  readonly anywhere: readonly { readonly errcode: string; readonly status: string }[];
}

/** Reads `common-errors.yaml` beside an `openapi.yaml`; an API without one has no common errors. */
export async function readCommonErrors(root: string): Promise<CommonErrorList> {
  const file = join(dirname(root), "common-errors.yaml");
  if (!existsSync(file)) return { file, merged: [], anywhere: [] };
  const lines = new LineCounter();
  const yaml = parseDocument(await readFile(file, "utf8"), { lineCounter: lines, prettyErrors: false });
  const refuse = (message: string, offset = 0): never => {
    const { line, col: column } = lines.linePos(offset);
    throw new GenerationError([
      { file, line, column, message, hint: "See “Common errors” in the generator's README for the format." },
    ]);
  };
  const [syntax] = yaml.errors;
  if (syntax !== undefined) refuse(syntax.message, syntax.pos[0]);
  const lists = readLists(yaml, refuse);

  const entries = (key: (typeof listNames)[number]): Record<string, unknown>[] => {
    const value = lists[key];
    if (value === undefined) return [];
    if (!Array.isArray(value)) return refuse(`"${key}" has to be a list.`, offsetOf(yaml, [key]));
    return value.map((entry: unknown, index) => {
      const offset = offsetOf(yaml, [key, index]);
      const { errcode, status, when, except = [] } = (entry ?? {}) as Record<string, unknown>; // checked right below
      const unknown = Object.keys(entry ?? {}).find((field) => !fieldsOf[key].includes(field));
      if (typeof errcode !== "string") refuse("an entry needs an errcode.", offset);
      if (unknown !== undefined)
        refuse(`${errcode} has "${unknown}", and an entry of "${key}" has only ${fieldsOf[key].join(", ")}.`, offset);
      if (!/^[45]\d\d$/.test(String(status))) refuse(`${errcode} needs a status from 400 to 599.`, offset);
      if (key === "merged" && !conditions.some((condition) => condition === when)) {
        refuse(`${errcode} has when: ${String(when)}, which is none of ${conditions.join(", ")}.`, offset);
      }
      if (!Array.isArray(except)) refuse(`${errcode} has an "except" that is not a list of operationIds.`, offset);
      return { errcode, status: String(status), when, except };
    });
  };
  return {
    file,
    merged: entries("merged") as unknown as CommonErrorList["merged"], // each field was checked above
    anywhere: entries("anywhere").map(({ errcode, status }) => ({ errcode: String(errcode), status: String(status) })),
  };
}

const listNames = ["merged", "anywhere"] as const;
const fieldsOf = { merged: ["errcode", "status", "when", "except"], anywhere: ["errcode", "status"] };

/** A name that is not known would be a list that nobody reads. */
function readLists(yaml: Document, refuse: (message: string, offset?: number) => never): Record<string, unknown> {
  const expected = `expected is a map with ${listNames.map((name) => `"${name}"`).join(" and ")}`;
  if (yaml.contents === null) return refuse(`nothing is listed here; ${expected}.`);
  if (!isMap(yaml.contents)) return refuse(`this is no map; ${expected}.`, yaml.contents.range?.[0]);
  for (const { key } of yaml.contents.items) {
    const name = isScalar(key) ? String(key.value) : "";
    if (listNames.some((known) => known === name)) continue;
    refuse(`"${name}" is not known; ${expected}.`, isScalar(key) ? key.range?.[0] : 0);
  }
  try {
    return yaml.toJS() as Record<string, unknown>; // its fields are checked one by one
  } catch (error) {
    return refuse((error as Error).message); // aliases that lead to nothing, or multiply
  }
}

function offsetOf(yaml: Document, path: readonly (string | number)[]): number {
  const node = yaml.getIn(path, true) as { range?: [number, number, number] } | undefined; // a node, by `true`
  return node?.range?.[0] ?? 0;
}
