import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { examplesOf } from "./examples-of.ts";
import { undeclaredKeys } from "./undeclared-keys.ts";

/** The part of a bundled description that is looked into by name. */
export interface Description {
  readonly components?: { readonly schemas?: Readonly<Record<string, object>> };
}

/** An example that its own schema refuses: where it stands in the bundle, and why. */
export interface ExampleFault {
  readonly at: string;
  readonly reason: string;
}

/** Validates every example of a bundled description; an empty list says that all of them are true. */
export function exampleFaults(description: Description): ExampleFault[] {
  const ajv = createAjv(description);
  const { components, ...rest } = withSchemasAt("bundle#/$defs/", description);
  ajv.addSchema({ $id: "bundle", $defs: components?.schemas ?? {} });
  const faults: ExampleFault[] = [];
  for (const { at, schema, value } of examplesOf({ ...rest, components })) {
    const validate = ajv.compile(schema);
    if (validate(value)) {
      const unknown = [...undeclaredKeys(value, schema, components?.schemas ?? {})];
      if (unknown.length > 0) faults.push({ at, reason: `the schema does not know ${unknown.join(", ")}` });
      continue;
    }
    const reasons = (validate.errors ?? []).map(
      ({ instancePath, message }) => `${instancePath || "the value"} ${message}`,
    );
    faults.push({ at, reason: reasons.join("; ") });
  }
  return faults;
}

/** A description is no JSON Schema: its named schemas become a document of their own, and references lead there. */
function withSchemasAt(home: string, description: Description): Description {
  const move = (key: string, value: unknown): unknown =>
    key === "$ref" && typeof value === "string" ? value.replace("#/components/schemas/", home) : value;
  return JSON.parse(JSON.stringify(description, move));
}

/** Strict about keywords, so that a misspelt one is an error and not silence; Matrix's own formats are annotations. */
function createAjv(description: Description): Ajv2020 {
  const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false });
  addFormats.default(ajv);
  ajv.addVocabulary(["discriminator", "example", "externalDocs"]);
  ajv.addVocabulary(["x-addedInMatrixVersion", "x-changedInMatrixVersion", "x-deprecatedInMatrixVersion"]);
  ajv.addVocabulary(["x-extensible-enum", "x-matrix-event-type", "x-matrix-event-kind", "x-matrix-state-key"]);
  for (const [, format = ""] of JSON.stringify(description).matchAll(/"format":"(mx-[a-z0-9-]+)"/g))
    ajv.addFormat(format, true);
  return ajv;
}
