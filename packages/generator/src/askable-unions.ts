import { discriminatorValues } from "./discriminators.ts";
import { resolve, type OpenApiDocument, type Schema } from "./document.ts";
import { mapSchema } from "./schema-walk.ts";

/** Brings unions into a form in which Ajv looks at one branch only, so that a failure names the field that is wrong. */
export function askableUnions(document: OpenApiDocument, schema: Schema): Schema {
  return mapSchema(schema, ({ discriminator, ...part }) => {
    const { oneOf, anyOf } = part;
    const propertyName = discriminator?.propertyName;
    if (
      oneOf !== undefined &&
      propertyName !== undefined &&
      oneOf.every((each) => isTagged(document, each, propertyName))
    ) {
      return { ...part, type: "object", discriminator: { propertyName } }; // without it Ajv lets what is no object pass
    }
    return withUntaggedBranch(document, part, oneOf ?? anyOf ?? []);
  });
}

/** Ajv's discriminator takes no mapping, and needs a required tag with known values in every branch. */
function isTagged(document: OpenApiDocument, branch: Schema, propertyName: string): boolean {
  const { required = [] } = resolve<Schema>(document, branch);
  return required.includes(propertyName) && discriminatorValues(document, branch, propertyName).length > 0;
}

/** Where one branch forbids the property that all others require, its presence decides between them. */
function withUntaggedBranch(document: OpenApiDocument, union: Schema, branches: readonly Schema[]): Schema {
  for (const untagged of branches) {
    const propertyName = forbiddenProperty(document, untagged);
    const tagged = branches.filter((branch) => branch !== untagged);
    if (propertyName === undefined || union["if"] !== undefined) continue;
    if (!tagged.every((branch) => requiresProperty(document, branch, propertyName))) continue;
    const { oneOf: _oneOf, anyOf: _anyOf, ...rest } = union;
    return {
      ...rest,
      type: "object",
      if: { required: [propertyName] },
      then: anyOneOf(document, tagged, propertyName),
      else: untagged,
    };
  }
  return union;
}

function forbiddenProperty(document: OpenApiDocument, branch: Schema): string | undefined {
  const { type, properties = {} } = resolve<Schema>(document, branch);
  if (type !== "object") return undefined;
  return Object.entries(properties).find(([, { not }]) => not !== undefined && Object.keys(not).length === 0)?.[0];
}

function requiresProperty(document: OpenApiDocument, branch: Schema, propertyName: string): boolean {
  const { type, required = [], oneOf = [], anyOf = [] } = resolve<Schema>(document, branch);
  if (type === "object" && required.includes(propertyName)) return true;
  const inner = [...oneOf, ...anyOf];
  return inner.length > 0 && inner.every((each) => requiresProperty(document, each, propertyName));
}

function anyOneOf(document: OpenApiDocument, branches: Schema[], propertyName: string): Schema {
  const [only] = branches;
  if (branches.length === 1 && only !== undefined) return only;
  return branches.every((branch) => isTagged(document, branch, propertyName))
    ? { type: "object", oneOf: branches, discriminator: { propertyName } }
    : { anyOf: branches };
}
