/** @import { Rule } from "../redocly.ts" */

const unions = /** @type {const} */ (["anyOf", "oneOf", "allOf"]);
const saysWhat = ["$ref", "type", "const", "enum", ...unions];

/**
 * A branch that only adds a condition, such as `required`, is a type of its own to generators: any value at all, which
 * makes the whole union unknown.
 * @type {Rule}
 */
export const wholeBranches = () => ({
  Schema(schema, { location, report }) {
    for (const keyword of unions) {
      for (const [index, branch] of (schema[keyword] ?? []).entries()) {
        if (saysWhat.some((key) => key in branch)) continue;
        report({
          message:
            `A branch of ${keyword} says only ${Object.keys(branch).join(", ")}; expected a whole schema, with a type or a $ref. ` +
            "Write out what each form is, or say the condition in the description.",
          location: location.child([keyword, index]),
        });
      }
    }
  },
});
