import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { LineCounter, parseDocument, type Document } from "yaml";
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
  const yaml = parseDocument(await readFile(file, "utf8"), { lineCounter: lines });
  const refuse = (message: string, offset = 0): never => {
    const { line, col: column } = lines.linePos(offset);
    throw new GenerationError([
      { file, line, column, message, hint: "See “Common errors” in the generator's README for the format." },
    ]);
  };
  const [syntax] = yaml.errors;
  if (syntax !== undefined) refuse(syntax.message, syntax.pos[0]);
  const lists = readLists(yaml, refuse);

  const entries = (key: string): Record<string, unknown>[] => {
    const value: unknown = lists?.[key] ?? [];
    if (!Array.isArray(value)) return refuse(`"${key}" has to be a list.`);
    return value.map((entry: unknown, index) => {
      const node = yaml.getIn([key, index], true) as { range?: [number, number, number] } | undefined; // a node, by `true`
      const offset = node?.range?.[0] ?? 0;
      const { errcode, status, when, except = [] } = (entry ?? {}) as Record<string, unknown>; // checked right below
      if (typeof errcode !== "string") refuse("an entry needs an errcode.", offset);
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

function readLists(yaml: Document, refuse: (message: string) => never): Record<string, unknown> | null {
  try {
    return yaml.toJS() as Record<string, unknown> | null; // its fields are checked one by one
  } catch (error) {
    return refuse((error as Error).message); // aliases that lead to nothing, or multiply
  }
}
