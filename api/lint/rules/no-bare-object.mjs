/** @import { Rule } from "../redocly.ts" */

/**
 * A bare object means "anything" to one generator and "nothing" to the next, so that open content is always stated.
 * @type {Rule}
 */
export const noBareObject = () => ({
  Schema(schema, { report }) {
    if (schema.type === "object" && !schema.properties && schema.additionalProperties === undefined) {
      report({
        message:
          "A bare `type: object` was found; expected properties or additionalProperties. " +
          "List its properties, or write `additionalProperties: true` where any content is allowed.",
      });
    }
    if (schema.type === undefined && schema.properties) {
      report({
        message:
          "A schema has properties but no type, so that it accepts any string or number too; expected `type: object`. Add it.",
      });
    }
  },
});
