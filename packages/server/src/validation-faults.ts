import type { OperationDescriptor, Validate, ValidationError } from "@matrix-openapi/definitions";
import type { ErrcodeChoice } from "./description.ts";
import { kindOf } from "./json-body.ts";
import { MatrixError } from "./matrix-error.ts";

/** What kind of mistake was found, as far as the choice of an errcode depends on it. */
type FaultKind = "missing" | "email" | "variant" | "value";

/** A mistake in words for a person. It names fields, kinds and expectations, never a value that was sent. */
export interface Fault {
  readonly kind: FaultKind;
  readonly message: string;
}

/** Says what a validator, which has just answered false, found wrong with `value`. */
export function describeFault(validate: Validate, value: unknown, whole: string): Fault {
  const [reason] = validate.errors ?? [];
  if (reason === undefined) return { kind: "value", message: `The ${whole} is not valid.` };
  const path = pointerSegments(reason.instancePath);
  const found = path.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | null)?.[key], value); // Ajv came here
  return faultOf(reason, path, found, whole);
}

/** The error for a body that does not fit: the operation's own codes where it lists them, the API's otherwise. */
export function bodyError(operation: OperationDescriptor, fault: Fault, errcodes: ErrcodeChoice): MatrixError {
  const listed = operation.errcodes["400"] ?? [];
  const fallback = fault.kind === "missing" ? errcodes.missingField : errcodes.invalidField;
  const errcode = narrowerCodes[fault.kind].find((code) => listed.includes(code)) ?? fallback;
  return new MatrixError(400, errcode, fault.message);
}

/** The error for a path or query parameter that does not fit. */
export function parameterError(fault: Fault, errcodes: ErrcodeChoice): MatrixError {
  const errcode = fault.kind === "missing" ? errcodes.missingParameter : errcodes.invalidParameter;
  return new MatrixError(400, errcode, fault.message);
}

const narrowerCodes: Readonly<Record<FaultKind, readonly string[]>> = {
  missing: ["M_MISSING_PARAM", "M_MISSING_PARAMS"],
  email: ["M_INVALID_EMAIL", "M_INVALID_PARAM"],
  // An unknown login type: https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3login
  variant: ["M_UNKNOWN", "M_INVALID_PARAM"],
  value: ["M_INVALID_PARAM"],
};

function faultOf(reason: ValidationError, path: readonly string[], found: unknown, whole: string): Fault {
  const { keyword, params } = reason;
  if (keyword === "required") return missing([...path, String(params["missingProperty"])], whole);
  if (keyword === "discriminator") {
    const tag = String(params["tag"]);
    const tagValue = (found as Record<string, unknown> | null | undefined)?.[tag]; // an object, or the keyword is skipped
    if (tagValue === undefined) return missing([...path, tag], whole);
    const name = nameOf([...path, tag], whole);
    if (typeof tagValue !== "string") return wrong(name, `is ${kindOf(tagValue)}, expected a string`);
    // Only at the top does the variant decide what the request is about.
    return { ...wrong(name, "is not one that this operation knows"), kind: path.length === 0 ? "variant" : "value" };
  }
  if (keyword === "format" && params["format"] === "email") {
    return { ...wrong(nameOf(path, whole), "is not an email address"), kind: "email" };
  }
  return wrong(nameOf(path, whole), expectation(reason, found));
}

function missing(path: readonly string[], whole: string): Fault {
  return { kind: "missing", message: `${nameOf(path, whole)} is missing: add it and send the request again.` };
}

function wrong(name: string, what: string): Fault {
  return { kind: "value", message: `${name} ${what}: correct it and send the request again.` };
}

function expectation({ keyword, params, message }: ValidationError, found: unknown): string {
  switch (keyword) {
    case "type":
      return `is ${kindOf(found)}, expected ${[params["type"]].flat().join(" or ")}`;
    case "const":
      return `is not ${JSON.stringify(params["allowedValue"])}`;
    case "enum":
      return `is none of ${[params["allowedValues"]]
        .flat()
        .map((value) => JSON.stringify(value))
        .join(", ")}`;
    case "format":
      return `is not of the form "${String(params["format"])}"`;
    case "pattern":
      return `does not match ${String(params["pattern"])}`;
    case "propertyNames":
      return "has a key of the wrong form";
    default:
      return message ?? "is not valid"; // "must NOT have more than 255 characters" and the like: the rule, no value
  }
}

function nameOf(path: readonly string[], whole: string): string {
  return path.length === 0 ? `The ${whole}` : `"${path.join(".")}" in the ${whole}`;
}

function pointerSegments(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}
