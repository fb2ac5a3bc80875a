import { readFile } from "node:fs/promises";
import type { CommonErrorList } from "./common-errors.ts";
import type { OpenApiDocument } from "./document.ts";
import type { EventType } from "./event-types.ts";
import { eventsModule } from "./events-module.ts";
import { commonErrorTable, operationTable, paginationTable } from "./operation-table.ts";
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

/** The code for one API. */
export async function apiFiles({ name, banner, specVersion, common, merged }: ApiToWrite): Promise<GeneratedFiles> {
  const { document } = merged;
  const validators = await validatorModules(document);
  return new Map([
    [`src/${name}/types.ts`, `// ${banner}\n\n${await typesModule(document)}`],
    [`src/${name}/operations.ts`, operationsModule(banner, merged, specVersion)],
    [`src/${name}/common-errors.ts`, commonErrorsModule(banner, common)],
    [`src/${name}/pagination.ts`, paginationModule(banner, merged)],
    [`src/${name}/request-validators.js`, `// ${banner}\n${validators.request}`],
    [`src/${name}/request-validators.d.ts`, requestDeclarations(banner)],
    [`src/${name}/response-validators.js`, `// ${banner}\n${validators.response}`],
    [`src/${name}/response-validators.d.ts`, responseDeclarations(banner)],
  ]);
}

export interface EventsToWrite {
  readonly name: string;
  readonly banner: string;
  readonly document: OpenApiDocument;
  readonly events: readonly EventType[];
}

/** The code for a description of events. */
export async function eventFiles({ name, banner, document, events }: EventsToWrite): Promise<GeneratedFiles> {
  return new Map([
    [`src/${name}/types.ts`, `// ${banner}\n\n${await typesModule(document)}`],
    [`src/${name}/index.ts`, eventsModule(banner, document, events)],
  ]);
}

/** The file that everything shares: the types of what is generated, and what compares its versions. */
export async function sharedFiles(banner: string): Promise<GeneratedFiles> {
  const copied = ["./operation-descriptor.ts", "./event-type-descriptor.ts", "./release.ts"];
  const texts = await Promise.all(copied.map((file) => readFile(new URL(file, import.meta.url), "utf8")));
  return new Map([["src/index.ts", [`// ${banner}\n`, ...texts].join("\n")]]);
}

function operationsModule(banner: string, merged: MergedDocument, specVersion: string): string {
  return `// ${banner}

import type { OperationDescriptor } from "../index.ts";

export { commonErrors } from "./common-errors.ts";

/** The release of the specification that this describes. */
export const specVersion: string = ${JSON.stringify(specVersion)};

/** What each operation is, by operationId. */
export const operations = freeze(${printLiteral(operationTable(merged))} as const satisfies Record<string, OperationDescriptor>);

export type OperationId = keyof typeof operations;

function freeze<const T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === "object" && inner !== null) freeze(inner);
  return Object.freeze(value);
}
`;
}

// Modules of their own, since clients read them and the operation table is fifty times as large.

function commonErrorsModule(banner: string, common: CommonErrorList): string {
  return `// ${banner}

import type { CommonErrors } from "../index.ts";

/** By status: the codes that any operation may answer, also where its description lists no such status. */
export const commonErrors = ${printLiteral(commonErrorTable(common))} as const satisfies CommonErrors;
`;
}

function paginationModule(banner: string, merged: MergedDocument): string {
  return `// ${banner}

import type { Pagination } from "../index.ts";

/** How each operation that answers page by page takes and gives its tokens, by method and path. */
export const pagination = ${printLiteral(paginationTable(merged))} as const satisfies Record<string, Pagination>;
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
