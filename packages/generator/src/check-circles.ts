import type { Refusal } from "./bundles/place.ts";
import { componentName, type OpenApiDocument, type Schema } from "./document.ts";
import { refuseAll } from "./place-problems.ts";

/** A schema may lead back to itself through a field, but not say of one value that it is whatever it itself is. */
export async function checkCircles(document: OpenApiDocument, root: string): Promise<void> {
  const schemas = document.components?.schemas ?? {};
  const parts = new Map(Object.entries(schemas).map(([name, schema]) => [name, partsOf(schema)]));
  const finished = new Set<string>();
  const refusals: Refusal[] = [];
  const visit = (name: string, way: readonly string[]): void => {
    if (finished.has(name)) return;
    for (const part of parts.get(name) ?? []) {
      const begin = [...way, name].indexOf(part);
      if (begin === -1) visit(part, [...way, name]);
      else refusals.push(circle([...way, name].slice(begin)));
    }
    finished.add(name);
  };
  for (const name of parts.keys()) visit(name, []);
  await refuseAll(refusals, root);
}

function circle(names: readonly string[]): Refusal {
  const [first = ""] = names;
  return {
    pointer: `#/components/schemas/${first}`,
    found: `the schema ${first} consists of itself: ${[...names, first].join(" → ")}.`,
    hint: "Take one of these references out, or move it into a field.",
  };
}

/** The components that hold for the same value as a schema does. */
function partsOf(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { $ref, allOf = [], anyOf = [], oneOf = [], ...rest } = schema as Schema; // checked to be one, or true, or false
  const inner = [...allOf, ...anyOf, ...oneOf, ...["not", "if", "then", "else"].map((keyword) => rest[keyword])];
  return [...($ref === undefined ? [] : [componentName($ref)]), ...inner.flatMap(partsOf)];
}
