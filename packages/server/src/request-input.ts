import type { OperationDescriptor, Validate } from "@matrix-openapi/definitions";
import type { IncomingRequest } from "./api.ts";
import type { ErrcodeChoice, RequestValidators } from "./description.ts";
import { readJsonObject } from "./json-body.ts";
import type { JsonLimits } from "./json-body.ts";
import { MatrixError } from "./matrix-error.ts";
import { queryValues } from "./request-target.ts";
import { bodyError, describeFault, parameterError } from "./validation-faults.ts";

/** Path and query parameters, validated and coerced. */
export interface RequestParameters {
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
}

/** Reads the declared path and query parameters; what is not declared is not looked at. */
export function readParameters(
  operation: OperationDescriptor,
  validators: RequestValidators,
  values: readonly string[],
  query: string,
  errcodes: ErrcodeChoice,
): RequestParameters {
  const path = Object.fromEntries(operation.pathParams.map((name, index) => [name, values[index]]));
  check(validators.path, path, "path", errcodes);
  const parsed = readQuery(operation, query, errcodes);
  check(validators.query, parsed, "query", errcodes);
  return { path, query: parsed };
}

/** Reads a body as far as the operation declares one: JSON is validated, anything else is left as a stream. */
export async function readBody(
  operation: OperationDescriptor,
  validators: RequestValidators,
  incoming: IncomingRequest,
  limits: JsonLimits,
  errcodes: ErrcodeChoice,
): Promise<unknown> {
  const { requestBody } = operation;
  if (requestBody === null) return undefined;
  if (!requestBody.contentType.startsWith("application/json")) return incoming.streamBody();
  const sent = await readJsonObject(incoming, limits, errcodes);
  const body = sent ?? {};
  if (validators.body === undefined || validators.body(body)) return body;
  if (sent === undefined) {
    if (!requestBody.required) return undefined;
    throw new MatrixError(400, "M_NOT_JSON", "The body is empty: send a JSON object.");
  }
  throw bodyError(operation, describeFault(validators.body, body, "body"), errcodes);
}

function readQuery(
  operation: OperationDescriptor,
  query: string,
  errcodes: ErrcodeChoice,
): Readonly<Record<string, unknown>> {
  const parsed: Record<string, unknown> = {};
  if (query === "") return parsed;
  for (const [name, type] of Object.entries(operation.queryParams)) {
    const values = queryValues(query, name);
    if (values === null) {
      throw new MatrixError(400, errcodes.invalidParameter, `"${name}" in the query is not percent-encoded UTF-8.`);
    }
    if (values.length === 0) continue;
    if (values.length > 1 && type !== "array") {
      throw new MatrixError(400, errcodes.invalidParameter, `"${name}" is in the query more than once: send it once.`);
    }
    parsed[name] = type === "array" ? values : values[0];
  }
  return parsed;
}

function check(validate: Validate | undefined, values: object, whole: string, errcodes: ErrcodeChoice): void {
  if (validate === undefined || validate(values)) return;
  throw parameterError(describeFault(validate, values, whole), errcodes);
}
