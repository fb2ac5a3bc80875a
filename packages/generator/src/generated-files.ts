import { readFile } from "node:fs/promises";
import type { CommonErrorList } from "./common-errors.ts";
import { commonErrorTable, operationTable } from "./operation-table.ts";
import type { MergedDocument } from "./merge-common-errors.ts";
import { printLiteral } from "./print-literal.ts";
import { typesModule } from "./types.ts";
import { validatorModules } from "./validator-modules.ts";

/** Path under the output folder → text. */
export type GeneratedFiles = ReadonlyMap<string, string>;

export interface ApiToWrite {
  readonly name: string;
  readonly banner: string;
  readonly specVersion: string;
  readonly common: CommonErrorList;
  readonly merged: MergedDocument;
}

/** The files of one API. */
export async function apiFiles({ name, banner, specVersion, common, merged }: ApiToWrite): Promise<GeneratedFiles> {
  const { document } = merged;
  const { openapi, ...rest } = document;
  const validators = await validatorModules(document);
  return new Map([
    [`openapi/${name}.json`, `${JSON.stringify({ openapi, "x-generated": banner, ...rest }, null, 2)}\n`],
    [`src/${name}/types.ts`, `// ${banner}\n\n${await typesModule(document)}`],
    [`src/${name}/operations.ts`, operationsModule(banner, merged, common, specVersion)],
    [`src/${name}/request-validators.js`, `// ${banner}\n${validators.request}`],
    [`src/${name}/request-validators.d.ts`, requestDeclarations(banner)],
    [`src/${name}/response-validators.js`, `// ${banner}\n${validators.response}`],
    [`src/${name}/response-validators.d.ts`, responseDeclarations(banner)],
  ]);
}

/** The file that all APIs share: the types of what is generated. */
export async function sharedFiles(banner: string): Promise<GeneratedFiles> {
  const types = await readFile(new URL("./operation-descriptor.ts", import.meta.url), "utf8");
  return new Map([["src/index.ts", `// ${banner}\n\n${types}`]]);
}

function operationsModule(
  banner: string,
  merged: MergedDocument,
  common: CommonErrorList,
  specVersion: string,
): string {
  return `// ${banner}

import type { CommonErrors, OperationDescriptor } from "../index.ts";

/** The release of the specification that this describes. */
export const specVersion: string = ${JSON.stringify(specVersion)};

/** By status: the codes that any operation may answer, also where its description lists no such status. */
export const commonErrors = freeze(${printLiteral(commonErrorTable(common))} as const satisfies CommonErrors);

/** What each operation is, by operationId. */
export const operations = freeze(${printLiteral(operationTable(merged))} as const satisfies Record<string, OperationDescriptor>);

export type OperationId = keyof typeof operations;

function freeze<const T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === "object" && inner !== null) freeze(inner);
  return Object.freeze(value);
}
`;
}

function requestDeclarations(banner: string): string {
  return `// ${banner}

import type { Validate } from "../index.js";
import type { OperationId } from "./operations.js";

/** What checks a request, part by part; a part that an operation does not have is absent. */
export interface RequestValidators {
  /** Path parameters, decoded strings by name; coerced in place. */
  readonly path?: Validate;
  /** Query parameters, a string or, where repeated, strings by name; coerced in place. */
  readonly query?: Validate;
  /** The JSON body. Where user-interactive authentication applies, any object passes as its \`auth\`. */
  readonly body?: Validate;
  /** The body's \`auth\` where user-interactive authentication applies. */
  readonly auth?: Validate;
}

export declare const requestValidators: Readonly<Record<OperationId, RequestValidators>>;
`;
}

function responseDeclarations(banner: string): string {
  return `// ${banner}

import type { Validate } from "../index.js";
import type { OperationId } from "./operations.js";

/** What checks a JSON response body, by status. */
export declare const responseValidators: Readonly<Record<OperationId, Readonly<Record<string, Validate>>>>;
`;
}
