import type { OperationDescriptor, Validate } from "@matrix-openapi/definitions";
import type { IncomingRequest } from "./api.ts";
import type { ErrcodeChoice, RequestValidators } from "./description.ts";
import { readJsonObject } from "./json-body.ts";
import type { JsonLimits } from "./json-body.ts";
import type { AuthenticatedUser } from "./handlers.ts";
import { MatrixError } from "./matrix-error.ts";
import type { ApiOptions } from "./options.ts";
import { streamBody } from "./streamed-body.ts";
import { queryNames, queryValues } from "./request-target.ts";
import { bodyError, describeFault, parameterError } from "./validation-faults.ts";

/** Path and query parameters, validated and coerced. */
export interface RequestParameters {
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
}

/** Reads the declared path and query parameters of one operation; what is not declared is not looked at. */
export function createParameterReader(
  operation: OperationDescriptor,
  validators: RequestValidators,
  errcodes: ErrcodeChoice,
): (values: readonly string[], query: string) => RequestParameters {
  const declared = Object.entries(operation.queryParams);
  if (operation.pathParams.length === 0 && declared.length === 0) return () => ({ path: {}, query: {} });
  return (values, query) => {
    // Only a state key may be left out, slash and all, and is empty then.
    const path = Object.fromEntries(operation.pathParams.map((name, index) => [name, values[index] ?? ""]));
    check(validators.path, path, "path", errcodes);
    const parsed = readQuery(declared, query, errcodes);
    check(validators.query, parsed, "query", errcodes);
    return { path, query: parsed };
  };
}

export interface BodyOptions extends JsonLimits {
  readonly uploadBytes: number;
  readonly mendBody: ApiOptions<AuthenticatedUser>["mendBody"];
}

/** Reads the body that an operation declares: JSON is validated, anything else is left as a stream. */
export async function readBody(
  operation: OperationDescriptor,
  declared: NonNullable<OperationDescriptor["requestBody"]>,
  validators: RequestValidators,
  incoming: IncomingRequest,
  { mendBody, uploadBytes, ...limits }: BodyOptions,
  errcodes: ErrcodeChoice,
): Promise<unknown> {
  if (!declared.contentType.startsWith("application/json")) return streamBody(incoming, uploadBytes);
  const sent = await readJsonObject(incoming, limits, errcodes);
  const body = sent ?? {};
  mendBody?.(operation.operationId, body);
  if (validators.body === undefined || validators.body(body)) return body;
  if (sent === undefined) {
    if (!declared.required) return undefined;
    throw new MatrixError(400, "M_NOT_JSON", "The body is empty: send a JSON object.");
  }
  throw bodyError(operation, describeFault(validators.body, body, "body"), errcodes);
}

type DeclaredQuery = readonly (readonly [name: string, type: OperationDescriptor["queryParams"][string]])[];

function readQuery(declared: DeclaredQuery, query: string, errcodes: ErrcodeChoice): Readonly<Record<string, unknown>> {
  if (query === "") return {};
  const read = declared.map(([name, type]): readonly [string, unknown] => [
    name,
    type === "object" ? readFields(declared, query, errcodes) : readValue(name, type, query, errcodes),
  ]);
  return Object.fromEntries(read.filter(([, value]) => value !== undefined));
}

function readValue(name: string, type: string, query: string, errcodes: ErrcodeChoice): unknown {
  const values = queryValues(query, name);
  if (values === null) {
    throw new MatrixError(400, errcodes.invalidParameter, `"${name}" in the query is not percent-encoded UTF-8.`);
  }
  if (type === "array") return values.length === 0 ? undefined : values;
  if (values.length > 1) {
    throw new MatrixError(400, errcodes.invalidParameter, `"${name}" is in the query more than once: send it once.`);
  }
  // Validators take it for a number, and look at bounds only where a number ends.
  if (type === "integer" && Math.abs(Number(values[0])) === Infinity) {
    throw new MatrixError(400, errcodes.invalidParameter, `"${name}" in the query is larger than any number.`);
  }
  return values[0];
}

// The fields of an object are parameters of their own: all those that are declared as nothing else.
function readFields(declared: DeclaredQuery, query: string, errcodes: ErrcodeChoice): object | undefined {
  const others = new Set(["access_token", ...declared.map(([name]) => name)]);
  const fields = queryNames(query).filter((name) => !others.has(name));
  if (fields.length === 0) return undefined;
  return Object.fromEntries(fields.map((name) => [name, readValue(name, "string", query, errcodes)]));
}

function check(validate: Validate | undefined, values: object, whole: string, errcodes: ErrcodeChoice): void {
  if (validate === undefined || validate(values)) return;
  throw parameterError(describeFault(validate, values, whole), errcodes);
}
