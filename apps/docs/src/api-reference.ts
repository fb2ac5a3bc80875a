import { readFileSync } from "node:fs";
import { operations as clientServerOperations } from "@matrix-openapi/definitions/client-server/operations";
import { operations as identityOperations } from "@matrix-openapi/definitions/identity/operations";
import type { OperationDescriptor } from "@matrix-openapi/definitions";
import { follow } from "./openapi.ts";
import type { Document, Method, Operation, Parameter } from "./openapi.ts";

/** One API as the site shows it: the bundle, and for each operation what the generator has derived. */
export interface ApiReference {
  /** The first segment of its pages' addresses. */
  readonly slug: "client-server" | "identity";
  readonly title: string;
  readonly document: Document;
  readonly operations: readonly DocumentedOperation[];
}

export interface DocumentedOperation {
  readonly api: ApiReference;
  readonly descriptor: OperationDescriptor;
  readonly operation: Operation;
  readonly parameters: readonly Parameter[];
  /** Address of its page, stable as long as the operationId is. */
  readonly href: string;
}

const tables: Readonly<Record<ApiReference["slug"], Readonly<Record<string, OperationDescriptor>>>> = {
  "client-server": clientServerOperations,
  identity: identityOperations,
};

/** Reads both APIs from the generated bundles. */
export function readApis(): readonly ApiReference[] {
  return [read("client-server"), read("identity")];
}

function read(slug: ApiReference["slug"]): ApiReference {
  const file = new URL(import.meta.resolve(`@matrix-openapi/definitions/openapi/${slug}.json`));
  const document = JSON.parse(readFileSync(file, "utf8")) as Document; // written by the generator from a linted source
  const api = { slug, title: document.info.title, document, operations: [] as DocumentedOperation[] };
  for (const descriptor of Object.values(tables[slug])) {
    const item = document.paths[descriptor.path];
    const operation = item?.[descriptor.method.toLowerCase() as Method];
    if (item === undefined || operation === undefined) {
      throw new Error(
        `${descriptor.operationId} is in the operation table but not in the bundle; run npm run generate.`,
      );
    }
    api.operations.push({
      api,
      descriptor,
      operation,
      parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((one) => follow(document, one)),
      href: `/${slug}/${descriptor.operationId}/`,
    });
  }
  return api;
}
