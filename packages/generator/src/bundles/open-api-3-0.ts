import type { OpenApiDocument } from "../document.ts";
import { objects30 } from "./objects-3-0.ts";
import { inside, refuse, type Place, type Refusal } from "./place.ts";
import { entriesOf, isObject } from "./rewrite.ts";

/** The same description in OpenAPI 3.0.3, for tools that read nothing newer, unless 3.0 has no words for some of it. */
export function openApi30(document: OpenApiDocument): { document: OpenApiDocument; refusals: readonly Refusal[] } {
  const root: Place = { pointer: "#", refusals: [] };
  const { openapi, info, jsonSchemaDialect, webhooks, paths, components, ...rest } = document;
  if (!openapi.startsWith("3.1.")) {
    refuse(inside(root, "openapi"), `the description is written in OpenAPI ${openapi}.`, "Write it in OpenAPI 3.1.");
  }
  if (jsonSchemaDialect !== undefined && !knownDialects.includes(String(jsonSchemaDialect))) {
    refuse(inside(root, "jsonSchemaDialect"), "3.0 has one dialect only.", "Leave jsonSchemaDialect out.");
  }
  if (entriesOf(webhooks).length > 0) {
    refuse(inside(root, "webhooks"), "3.0 has no webhooks.", "Describe these requests as callbacks or paths.");
  }
  const converted = {
    openapi: "3.0.3",
    info: info30(info),
    ...rest,
    paths: objects30(document, "PathItem{}", paths ?? {}, inside(root, "paths")),
    ...(components && { components: objects30(document, "Components", components, inside(root, "components")) }),
  } as OpenApiDocument; // what stands where is the same as before
  return { document: converted, refusals: root.refusals };
}

const knownDialects = [
  "https://spec.openapis.org/oas/3.1/dialect/base",
  "https://spec.openapis.org/oas/3.1/dialect/2024-11-10",
  "https://json-schema.org/draft/2020-12/schema",
];

function info30({ summary, ...info }: OpenApiDocument["info"]): OpenApiDocument["info"] {
  const { license, description } = info;
  const { identifier, ...named } = isObject(license) ? license : {};
  const text = [summary, description].filter((part) => part !== undefined).join("\n\n");
  return {
    ...info,
    ...(text !== "" && { description: text }),
    ...(typeof identifier === "string" && {
      license: { url: `https://spdx.org/licenses/${identifier}.html`, ...named },
    }),
  };
}
