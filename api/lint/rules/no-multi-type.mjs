/** @import { Rule } from "../redocly.ts" */

/**
 * Many generators read only the first of several types.
 * @type {Rule}
 */
export const noMultiType = () => ({
  Schema(schema, { location, report }) {
    if (!Array.isArray(schema.type)) return;
    report({
      message: `The type is a list (${schema.type.join(", ")}); expected one type. Write \`anyOf\` with one schema for each type.`,
      location: location.child("type"),
    });
  },
});
