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

/** Refuses query values that cannot be encoded; `undefined` leaves a parameter out. */
export function checkQuery(operation: string, query: Readonly<Record<string, unknown>> = {}): void {
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      const problem = typeof item === "string" ? problemOf(item) : undefined;
      if (problem !== undefined) throw new InvalidParameter(operation, "query", name, problem);
    }
  }
}

function problemOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return "missing";
  if (typeof value !== "string") return `of type ${typeof value}`;
  return value.isWellFormed() ? undefined : "a string with a lone surrogate";
}
