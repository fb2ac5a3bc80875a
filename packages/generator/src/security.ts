import type { OpenApiDocument, Operation } from "./document.ts";

/** Whether an operation needs a token, takes one if there is one, or ignores it: `{}` among alternatives means "or none". */
export function securityMode(document: OpenApiDocument, operation: Operation): "none" | "optional" | "required" {
  const alternatives = operation.security ?? document.security ?? [];
  if (alternatives.every((alternative) => Object.keys(alternative).length === 0)) return "none";
  return alternatives.some((alternative) => Object.keys(alternative).length === 0) ? "optional" : "required";
}

/** The names of the schemes an operation accepts, each once. */
export function securitySchemes(document: OpenApiDocument, operation: Operation): string[] {
  return [
    ...new Set((operation.security ?? document.security ?? []).flatMap((alternative) => Object.keys(alternative))),
  ];
}
