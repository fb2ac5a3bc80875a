import { isErrorReference } from "../errors.mjs";

/** @import { Context, Rule, Schema } from "../redocly.ts" */

/**
 * A `oneOf` is told apart by a field on the wire, named and mapped completely, so that every language gets a tagged
 * union; errors are told apart by `errcode`, which the generator adds.
 * @type {Rule}
 */
export const oneofDiscriminator = () => ({
  Schema(schema, context) {
    if (!schema.oneOf) return;
    const { location, report } = context;
    const from = location.source.absoluteRef;
    if (schema.oneOf.every((member) => isErrorReference(member, from, context.resolve))) return;
    if (!schema.discriminator) {
      report({
        message:
          "A oneOf has no discriminator. Add `discriminator` with a complete `mapping`, or write `anyOf` where no field on the wire tells the forms apart.",
        location: location.child("oneOf").key(),
      });
      return;
    }
    const unmapped = membersWithoutMapping(schema, context);
    if (unmapped.length === 0) return;
    report({
      message: `The discriminator's mapping leaves out ${unmapped.join(", ")}; expected every member of the oneOf. Add a value for each (members have to be references).`,
      location: location.child("discriminator"),
    });
  },
});

/**
 * @param {Schema} schema
 * @param {Context} context
 */
function membersWithoutMapping(schema, { location, resolve }) {
  const from = location.source.absoluteRef;
  /** @param {string} $ref */
  const target = ($ref) => {
    const found = resolve({ $ref }, from).location;
    return found ? found.source.absoluteRef + found.pointer : $ref;
  };
  const mapped = new Set(Object.values(schema.discriminator?.mapping ?? {}).map(target));
  return (schema.oneOf ?? []).flatMap((member, index) => {
    if (!("$ref" in member)) return [`member ${index + 1}`];
    return mapped.has(target(member.$ref)) ? [] : [member.$ref];
  });
}
