/** @import { Rule, Schema } from "../redocly.ts" */

/**
 * Matrix leaves out what is absent; a null would be a third state that every caller has to handle.
 * @type {Rule}
 */
export const noNull = () => ({
  Schema(schema, { report }) {
    const where = nullIn(schema);
    if (!where) return;
    report({
      message: `null is allowed by ${where}; expected the field to be left out instead. Remove the null and take the field out of \`required\`.`,
    });
  },
});

/** @param {Schema} schema */
function nullIn(schema) {
  if (schema.type === "null" || (Array.isArray(schema.type) && schema.type.includes("null"))) return "`type`";
  if (schema.nullable) return "`nullable`";
  if (schema.enum?.includes(null)) return "`enum`";
  if (schema.const === null) return "`const`";
  if (schema.default === null) return "`default`";
  return undefined;
}
