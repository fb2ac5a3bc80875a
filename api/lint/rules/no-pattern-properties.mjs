/** @import { Rule } from "../redocly.ts" */

/**
 * Most generators skip patternProperties without a word.
 * @type {Rule}
 */
export const noPatternProperties = () => ({
  Schema(schema, { location, report }) {
    if (schema.patternProperties === undefined) return;
    report({
      message:
        "patternProperties was found; generators ignore it. Write `additionalProperties` for the values and `propertyNames` with the pattern for the keys.",
      location: location.child("patternProperties").key(),
    });
  },
});
