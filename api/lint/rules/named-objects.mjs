import { nameOf } from "../named.mjs";

/** @import { Location, Rule, Schema } from "../redocly.ts" */

const mostAnonymousFields = 2;

/**
 * An object worth a type has a name that we chose: generators invent `Foo2` or `InlineResponse200` for the others.
 * @type {Rule}
 */
export const namedObjects = () => {
  /** @type {Map<string, Location>} */
  const shapes = new Map();
  return {
    Schema(schema, { location, report }) {
      const fields = Object.keys(schema.properties ?? {});
      if (fields.length === 0 || nameOf(location) || isPartOfNamed(location)) return;
      if (fields.length > mostAnonymousFields) {
        report({
          message:
            `An anonymous object has ${fields.length} fields (${fields.join(", ")}); at most ${mostAnonymousFields} may go without a name. ` +
            "Move it to schemas/<Name>.yaml and reference it.",
        });
        return;
      }
      const shape = withoutWords(schema);
      const twin = shapes.get(shape);
      if (!twin) {
        shapes.set(shape, location);
        return;
      }
      report({
        message:
          `The anonymous object with ${fields.join(", ")} is written a second time (first at ${twin.source.absoluteRef}${twin.pointer}); what is used twice has a name. ` +
          "Move it to schemas/<Name>.yaml and reference it from both places.",
      });
    },
  };
};

/**
 * What a named schema adds to the schemas that it combines has that schema's name already.
 * @param {Location} location
 */
const isPartOfNamed = ({ pointer }) => /^#\/(components\/schemas\/[^/]+\/)?allOf\/\d+$/.test(pointer);

/** @param {Schema} schema */
const withoutWords = (schema) =>
  JSON.stringify(schema, (key, value) => (["description", "example", "examples"].includes(key) ? undefined : value));
