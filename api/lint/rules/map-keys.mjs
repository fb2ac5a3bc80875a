/** @import { Rule } from "../redocly.ts" */

/**
 * A map says what its keys are (user IDs, languages, key IDs), because tests and docs take them from there.
 * @type {Rule}
 */
export const mapKeys = () => ({
  Schema({ properties, additionalProperties, propertyNames }, { report }) {
    if (properties || typeof additionalProperties !== "object" || propertyNames) return;
    report({
      message:
        "A map describes its values but not its keys; expected propertyNames beside additionalProperties. " +
        "Add `propertyNames` with a reference to the identifier (shared/identifiers) or a string schema.",
    });
  },
});
