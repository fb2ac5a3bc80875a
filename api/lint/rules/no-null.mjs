/** @import { Rule, Schema } from "../redocly.ts" */

const nullItself = /\/shared\/json\/Null\.yaml$/;

/**
 * Matrix leaves out what is absent; a null would be a third state that every caller has to handle. Where it does have
 * a meaning of its own on the wire, `shared/json/Null.yaml` says so, and is easy to find.
 * @type {Rule}
 */
export const noNull = () => ({
  Schema(schema, { location, report }) {
    const where = nullIn(schema);
    if (!where || nullItself.test(location.source.absoluteRef)) return;
    report({
      message: `null is allowed by ${where}; expected the field to be left out instead. Remove the null and take the field out of \`required\`, or reference shared/json/Null.yaml where Matrix means null by it.`,
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
