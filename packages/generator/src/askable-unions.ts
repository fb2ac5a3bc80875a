import { discriminatorValues } from "./discriminators.ts";
import { resolve, type OpenApiDocument, type Schema } from "./document.ts";
import { mapSchema } from "./schema-walk.ts";

/** Brings unions into a form in which Ajv looks at one branch only. Its discriminator takes no mapping and needs a required tag with known values in every branch. */
export function askableUnions(document: OpenApiDocument, schema: Schema): Schema {
  return mapSchema(schema, ({ discriminator, ...part }) => {
    if (part.oneOf === undefined) return part;
    const propertyName = discriminator?.propertyName;
    if (propertyName !== undefined && part.oneOf.every((branch) => isTagged(document, branch, propertyName))) {
      return { ...part, discriminator: { propertyName } };
    }
    return withUntaggedBranch(document, part, part.oneOf);
  });
}

/** A union in which one branch forbids the tag that all others have is two questions; asked one by one, a failure names the field that is wrong. */
function withUntaggedBranch(document: OpenApiDocument, union: Schema, branches: readonly Schema[]): Schema {
  for (const untagged of branches) {
    const propertyName = forbiddenProperty(document, untagged);
    const tagged = branches.filter((branch) => branch !== untagged);
    if (propertyName === undefined || union["if"] !== undefined) continue;
    if (!tagged.every((branch) => isTagged(document, branch, propertyName))) continue;
    const { oneOf: _replaced, ...rest } = union;
    const tellApart: Schema = { type: "object", oneOf: tagged, discriminator: { propertyName } };
    // oxlint-disable-next-line unicorn/no-thenable -- `then` is a keyword of JSON Schema
    return { ...rest, if: { required: [propertyName] }, then: tellApart, else: untagged };
  }
  return union;
}

function forbiddenProperty(document: OpenApiDocument, branch: Schema): string | undefined {
  const properties = Object.entries(resolve<Schema>(document, branch).properties ?? {});
  return properties.find(([, { not }]) => not !== undefined && Object.keys(not).length === 0)?.[0];
}

function isTagged(document: OpenApiDocument, branch: Schema, propertyName: string): boolean {
  const { required = [] } = resolve<Schema>(document, branch);
  return required.includes(propertyName) && discriminatorValues(document, branch, propertyName).length > 0;
}
