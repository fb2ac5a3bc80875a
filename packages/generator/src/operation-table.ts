import type { CommonErrorList } from "./common-errors.ts";
import {
  resolve,
  type OpenApiDocument,
  type Operation,
  type Parameter,
  type Response,
  type Schema,
} from "./document.ts";
import { errcodesOf } from "./error-schemas.ts";
import { GenerationError } from "./generation-error.ts";
import type { MergedDocument } from "./merge-common-errors.ts";
import type { CommonErrors, OperationDescriptor, ResponseDescriptor, SecurityScheme } from "./operation-descriptor.ts";
import { operationsOf, type LocatedOperation } from "./operations.ts";
import { securityMode, securitySchemes } from "./security.ts";

/** What is known about each operation, by operationId. */
export function operationTable({ document, commonErrcodes }: MergedDocument): Record<string, OperationDescriptor> {
  return Object.fromEntries(
    operationsOf(document).map((located) => [
      located.operationId,
      describe(document, located, commonErrcodes.get(located.operationId) ?? {}),
    ]),
  );
}

/** The codes that any operation may answer, by status. */
export function commonErrorTable({ anywhere }: CommonErrorList): CommonErrors {
  const table: Record<string, string[]> = {};
  for (const { status, errcode } of anywhere) (table[status] ??= []).push(errcode);
  return table;
}

/** Of the operations that answer page by page, how; by method and path, as clients call them. */
export function paginationTable(
  merged: MergedDocument,
): Record<string, NonNullable<OperationDescriptor["pagination"]>> {
  const operations = Object.values(operationTable(merged));
  return Object.fromEntries(
    operations.flatMap(({ method, path, pagination }) => (pagination ? [[`${method} ${path}`, pagination]] : [])),
  );
}

function describe(
  document: OpenApiDocument,
  { operationId, method, path, operation, parameters }: LocatedOperation,
  commonErrcodes: Readonly<Record<string, readonly string[]>>,
): OperationDescriptor {
  const responses = mapValues(operation.responses ?? {}, (response) => resolve(document, response));
  const uia = operation["x-matrix-uia"] as Partial<NonNullable<OperationDescriptor["uia"]>> | undefined; // linted by the API's own rules
  const history = operation["x-matrix-history"] as Partial<NonNullable<OperationDescriptor["history"]>> | undefined; // likewise
  return {
    operationId,
    method: supportedMethod(method, operationId),
    path,
    summary: operation.summary ?? "",
    tag: operation.tags?.[0] ?? "",
    deprecated: operation.deprecated ?? false,
    auth: {
      mode: securityMode(document, operation),
      schemes: securitySchemes(document, operation).map((scheme) => supportedScheme(scheme, operationId)),
    },
    guest: operation["x-matrix-guest"] === true,
    uia: uia === undefined ? null : { stages: uia.stages ?? [], exemptions: uia.exemptions ?? [] },
    rateLimited: Object.hasOwn(responses, "429"),
    pathParams: [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? ""),
    queryParams: queryParams(document, parameters),
    requestBody: requestBody(document, operation),
    responses: mapValues(responses, responseDescriptor),
    errcodes: ownErrcodes(document, responses, commonErrcodes),
    commonErrcodes,
    pagination: (operation["x-matrix-pagination"] as OperationDescriptor["pagination"] | undefined) ?? null, // likewise
    txn: (operation["x-matrix-txn"] as string | undefined) ?? null, // likewise
    since: versions(operation["x-addedInMatrixVersion"])[0] ?? null,
    changed: versions(operation["x-changedInMatrixVersion"]),
    deprecatedSince: versions(operation["x-deprecatedInMatrixVersion"])[0] ?? null,
    history: history === undefined ? null : { stable: history.stable ?? [], unstable: history.unstable ?? [] },
  };
}

/** One version or a list of them; a number is one whose quotes were forgotten. */
function versions(written: unknown): string[] {
  return [written ?? []].flat().map(String);
}

function queryParams(document: OpenApiDocument, parameters: readonly Parameter[]): OperationDescriptor["queryParams"] {
  const query = parameters.filter((parameter) => parameter.in === "query");
  return Object.fromEntries(query.map(({ name, schema }) => [name, queryType(document, schema ?? {})]));
}

function queryType(document: OpenApiDocument, schema: Schema): OperationDescriptor["queryParams"][string] {
  const { type } = resolve<Schema>(document, schema);
  return queryTypes.find((candidate) => candidate === type) ?? "string";
}

function requestBody(document: OpenApiDocument, { requestBody: body }: Operation): OperationDescriptor["requestBody"] {
  if (body === undefined) return null;
  const { content, required = false } = resolve(document, body);
  return { contentType: preferredType(content) ?? "application/octet-stream", required };
}

function responseDescriptor(response: Response, status: string): ResponseDescriptor {
  const contentType = preferredType(response.content ?? {});
  if (status.startsWith("3") && response.headers?.["Location"] !== undefined) return { kind: "redirect", contentType };
  if (contentType === null) return { kind: "empty", contentType };
  if (contentType === "application/json") return { kind: "json", contentType };
  return { kind: contentType === "text/html" ? "html" : "binary", contentType };
}

function preferredType(content: object): string | null {
  const types = Object.keys(content);
  return types.find((type) => type === "application/json") ?? types[0] ?? null;
}

function ownErrcodes(
  document: OpenApiDocument,
  responses: Readonly<Record<string, Response>>,
  common: Readonly<Record<string, readonly string[]>>,
): Record<string, string[]> {
  const byStatus = Object.entries(responses).map(([status, { content }]) => {
    const codes = errcodesOf(document, content?.["application/json"]?.schema ?? {});
    return [status, codes.filter((code) => !common[status]?.includes(code))] as const;
  });
  return Object.fromEntries(byStatus.filter(([, codes]) => codes.length > 0));
}

const queryTypes = ["integer", "boolean", "array", "object"] as const;
const supportedMethods = ["GET", "PUT", "POST", "DELETE"] as const;
const supportedSchemes: readonly SecurityScheme[] = [
  "accessTokenBearer",
  "accessTokenQuery",
  "appserviceAccessTokenBearer",
  "appserviceAccessTokenQuery",
];

function supportedMethod(method: string, operationId: string): OperationDescriptor["method"] {
  const supported = supportedMethods.find((candidate) => candidate === method);
  if (supported !== undefined) return supported;
  throw unsupported(`the operation "${operationId}" uses the method ${method}`, supportedMethods);
}

function supportedScheme(name: string, operationId: string): SecurityScheme {
  const supported = supportedSchemes.find((candidate) => candidate === name);
  if (supported !== undefined) return supported;
  throw unsupported(`the operation "${operationId}" uses the security scheme ${name}`, supportedSchemes);
}

function unsupported(found: string, expected: readonly string[]): GenerationError {
  return new GenerationError([
    { message: `${found}, which no Matrix API has.`, hint: `Use one of ${expected.join(", ")}.` },
  ]);
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
