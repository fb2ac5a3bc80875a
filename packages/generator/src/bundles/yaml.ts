import { stringify } from "yaml";
import type { OpenApiDocument } from "../document.ts";

/** A document as YAML that readers of either version of YAML, 1.1 and 1.2, understand alike. */
export function yamlText(banner: string, document: OpenApiDocument): string {
  // Without aliases, because some readers of OpenAPI take none.
  const text = stringify(document, { compat: "yaml-1.1", aliasDuplicateObjects: false, lineWidth: 120 });
  return `# ${banner}\n${text}`;
}
