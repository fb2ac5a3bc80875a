import { InvalidParameter } from "./invalid-parameter.ts";

/**
 * Fills a path template so that every value comes back whole from the server's router: whatever is reserved is
 * encoded, and what no encoding can protect is refused. URL parsers resolve `.` and `..` also in their encoded forms.
 */
export function fillPath(operation: string, template: string, values: Readonly<Record<string, unknown>> = {}): string {
  return template.replace(/\{([^{}]+)\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    const problem = problemOf(value) ?? (value === "." || value === ".." ? `"${value}"` : undefined);
    if (problem !== undefined) throw new InvalidParameter(operation, "path", name, problem);
    return encodeURIComponent(value as string); // problemOf has made sure of it
  });
}

/**
 * The parameters that a query consists of: each field of an object is one of its own, named as the field is, and
 * `undefined` leaves one out. Values that cannot be encoded are refused.
 */
export function queryParameters(operation: string, query: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]): [string, unknown][] => {
      if (!isFields(value)) return [[name, sendable(operation, name, value)]];
      return Object.entries(value).map(([field, inner]) => [
        encodeURIComponent(sendable(operation, name, field) as string), // a key is a string
        sendable(operation, name, inner),
      ]);
    }),
  );
}

function isFields(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sendable(operation: string, name: string, value: unknown): unknown {
  for (const item of Array.isArray(value) ? value : [value]) {
    const problem = typeof item === "string" ? problemOf(item) : undefined;
    if (problem !== undefined) throw new InvalidParameter(operation, "query", name, problem);
  }
  return value;
}

function problemOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return "missing";
  if (typeof value !== "string") return `of type ${typeof value}`;
  return value.isWellFormed() ? undefined : "a string with a lone surrogate";
}
